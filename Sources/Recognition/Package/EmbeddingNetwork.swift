// SPDX-License-Identifier: Apache-2.0

import StrictTOML

/// How a package's embedding network is fed and read.
public struct EmbeddingNetwork: Sendable, Hashable {
    /// The ONNX file's name in the package.
    public var file: String
    /// The name of the network's input and output; nil takes the only one.
    public var inputName: String?
    public var outputName: String?
    /// The number of coordinates of an embedding.
    public var embeddingSize: Int
    /// Whether each embedding is scaled to length 1.
    public var normalize: Bool
    /// Of how many views of an image its embedding is the mean.
    public var views: EmbeddingViews
    /// How embeddings are compared.
    public var metric: Metric

    /// A distance between embeddings.
    public enum Metric: String, Sendable, Hashable, CaseIterable {
        /// The length of the difference.
        case euclidean
    }

    public init(
        file: String, inputName: String? = nil, outputName: String? = nil, embeddingSize: Int, normalize: Bool,
        views: EmbeddingViews = .single, metric: Metric = .euclidean
    ) {
        self.file = file
        self.inputName = inputName
        self.outputName = outputName
        self.embeddingSize = embeddingSize
        self.normalize = normalize
        self.views = views
        self.metric = metric
    }

    /// The largest embedding a package may state.
    public static let maximumEmbeddingSize = 65_536

    init(_ table: ManifestTable) throws(ModelPackageError) {
        try table.requireKeys(["file", "input", "output", "embedding_size", "normalise", "mirror", "jitters", "metric"])
        self.init(
            file: try table.string("file"),
            inputName: table.has("input") ? try table.string("input") : nil,
            outputName: table.has("output") ? try table.string("output") : nil,
            embeddingSize: try table.integer("embedding_size", in: 1...Self.maximumEmbeddingSize),
            normalize: try table.boolean("normalise"),
            views: EmbeddingViews(
                mirror: table.has("mirror") ? try table.boolean("mirror") : false,
                jitters: table.has("jitters") ? try table.integer("jitters", in: EmbeddingViews.range) : 0),
            metric: try table.choice("metric", of: Metric.self))
    }

    var section: ManifestSection {
        ManifestSection(
            "network",
            [
                "file": .string(file),
                "input": inputName.map(TOMLItem.string),
                "output": outputName.map(TOMLItem.string),
                "embedding_size": .integer(embeddingSize),
                "normalise": .boolean(normalize),
                // Left out where there is but one view, so that the digest of a model without them stays what it was.
                "mirror": views.mirror ? .boolean(true) : nil,
                "jitters": views.jitters > 0 ? .integer(views.jitters) : nil,
                "metric": .string(metric.rawValue),
            ])
    }
}
