// SPDX-License-Identifier: Apache-2.0

import Biometrics
import NeuralNet

extension ModelPackage {
    /// One package of several whose networks see the same image: embeddings stand side by side, and the squared
    /// distance of two is the mean of those of the members.
    ///
    /// It is not calibrated. How images are prepared, the detector and the quality limits are those of the first. Images are
    /// of the size of the largest, and made smaller for the others.
    ///
    /// - Parameters:
    ///   - members: at least two, of embeddings of length 1.
    ///   - licence, source: of the whole; nil states those of the members.
    /// - Throws: ``ModelPackageError/contradiction(reason:)`` when they do not see the same.
    public static func sideBySide(
        _ members: [ModelPackage], name: String, version: String, license: String? = nil, source: String? = nil
    ) throws(ModelPackageError) -> ModelPackage {
        guard members.count >= 2, let first = members.first else {
            throw .contradiction(reason: "two packages or more are needed")
        }
        for (number, member) in members.enumerated() {
            let manifest = member.manifest, other = first.manifest
            guard !members[..<number].contains(where: { $0.digest == member.digest }) else {
                throw .contradiction(reason: "“\(manifest.name)” is named twice, and would say the same twice")
            }
            func differs(_ what: String) -> ModelPackageError {
                .contradiction(
                    reason:
                        "“\(manifest.name)” has \(what) that “\(other.name)” has not, and networks side by side see the same"
                )
            }
            func same<Part: Equatable>(_ part: KeyPath<ModelManifest, Part>, _ what: String) throws(ModelPackageError) {
                guard manifest[keyPath: part] == other[keyPath: part] else { throw differs(what) }
            }
            try same(\.modality, "a modality")
            guard manifest.input.isOfSameShape(as: other.input) else { throw differs("an input") }
            try same(\.alignment, "an alignment")
            try same(\.detector, "a detector")
            guard other.files.allSatisfy({ $0 == other.network.file || member.files[$0] == first.files[$0] }) else {
                throw differs("a detector")
            }
            try same(\.network.views, "views of an image")
            try same(\.countScale, "a count_scale")
            guard manifest.network.normalize else {
                throw .contradiction(
                    reason:
                        "the embeddings of “\(manifest.name)” have not length 1, so that their distances cannot be averaged with others"
                )
            }
        }
        let input = members.map(\.manifest.input).max { $0.width < $1.width } ?? first.manifest.input
        var graphs: [Graph] = []
        for member in members { graphs.append(try member.embeddingGraph(for: input)) }
        let graph: Graph
        do {
            graph = try Graph.sideBySide(graphs, name: name)
        } catch {
            throw .contradiction(reason: error.description)
        }
        let size = members.reduce(0) { $0 + $1.manifest.network.embeddingSize }
        guard graph.outputs.first?.shape.last == .fixed(size) else {
            throw .contradiction(
                reason: "the networks' outputs have not the lengths that the packages state in network.embedding_size")
        }
        let spreads = members.compactMap(\.manifest.spread?.usual)
        if !spreads.isEmpty, let without = members.first(where: { $0.manifest.spread == nil }) {
            throw .contradiction(
                reason:
                    "“\(without.manifest.name)” \(without.manifest.version) states no usual_spread, and others of the packages do; "
                    + "join packages that all count distances by spread, or none of which does")
        }
        // Squared distances are averaged, and so are squared spreads.
        let spread =
            spreads.isEmpty
            ? nil : ReferenceSpread(usual: (spreads.reduce(0) { $0 + $1 * $1 } / Double(spreads.count)).squareRoot())
        var files = first.files
        let manifest = first.manifest
        files[manifest.network.file] = try encoded(graph, manifest.network.file)
        func stated(_ key: KeyPath<ModelManifest, String>) -> String {
            var texts: [String] = []
            for member in members where !texts.contains(member.manifest[keyPath: key]) {
                texts.append(member.manifest[keyPath: key])
            }
            return texts.joined(separator: "; ")
        }
        return try ModelPackage(
            manifest: try ModelManifest(
                name: name, version: version, modality: manifest.modality, license: license ?? stated(\.license),
                source: source ?? stated(\.source),
                input: input,
                network: EmbeddingNetwork(
                    file: manifest.network.file, embeddingSize: size, normalize: true,
                    views: manifest.network.views),
                alignment: manifest.alignment, detector: manifest.detector, quality: manifest.quality, spread: spread,
                countScale: manifest.countScale),
            files: files)
    }

    /// The network with the one output that the manifest names, for images of an input that may be larger than its own.
    private func embeddingGraph(for input: NetworkInput) throws(ModelPackageError) -> Graph {
        let network = manifest.network
        var graph: Graph
        do {
            graph = try Graph(onnx: files[network.file] ?? [])
        } catch {
            throw .contradiction(reason: "the network of “\(manifest.name)” cannot be read: \(error)")
        }
        if let name = network.outputName { graph.outputs = graph.outputs.filter { $0.name == name } }
        guard input != manifest.input else { return graph }
        guard input.layout == .nchw, let reducing = graph.reducingInput(height: input.height, width: input.width) else {
            throw .contradiction(
                reason:
                    "“\(manifest.name)” sees \(manifest.input.width)×\(manifest.input.height) pixels and another package "
                    + "\(input.width)×\(input.height); images are made smaller to half at most, for networks that take them as NCHW"
            )
        }
        return reducing
    }

    private static func encoded(_ graph: Graph, _ file: String) throws(ModelPackageError) -> [UInt8] {
        do {
            return try graph.onnxBytes()
        } catch {
            throw .network(file: file, error)
        }
    }
}

extension NetworkInput {
    /// Whether the other one is this, but for its size: their sides have one ratio.
    fileprivate func isOfSameShape(as other: NetworkInput) -> Bool {
        var resized = self
        resized.width = other.width
        resized.height = other.height
        return resized == other && width * other.height == height * other.width
    }
}
