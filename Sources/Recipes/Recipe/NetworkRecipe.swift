// SPDX-License-Identifier: Apache-2.0

import Recognition
import StrictTOML
import Training

/// The network that is trained.
public enum NetworkRecipe: Sendable, Hashable {
    /// A named network with random weights.
    case architecture(Form)
    /// An ONNX file, with its weights.
    case onnx(path: String)

    /// What a recipe says of a named network; what is nil is as the architecture has it. The meanings and ranges are
    /// those of `ArchitectureDescription`, to which the data's size comes.
    public struct Form: Sendable, Hashable {
        public var architecture: Architecture
        public var embedding: Int?
        public var widths: [Int]?
        public var blocks: [Int]?
        public var stemStride: Int?
        public var activation: ArchitectureDescription.Activation?
        public var pooling: ArchitectureDescription.Pooling?
        public var regions: Int?
        public var normalized: Bool?
        public var batchNormalized: Bool?
        public var dropout: Double?
        public var initialization: WeightInitialization?

        public init(
            _ architecture: Architecture, embedding: Int? = nil, widths: [Int]? = nil, blocks: [Int]? = nil,
            stemStride: Int? = nil,
            activation: ArchitectureDescription.Activation? = nil, pooling: ArchitectureDescription.Pooling? = nil,
            regions: Int? = nil,
            normalized: Bool? = nil, batchNormalized: Bool? = nil, dropout: Double? = nil,
            initialization: WeightInitialization? = nil
        ) {
            self.architecture = architecture
            self.embedding = embedding
            self.widths = widths
            self.blocks = blocks
            self.stemStride = stemStride
            self.activation = activation
            self.pooling = pooling
            self.regions = regions
            self.normalized = normalized
            self.batchNormalized = batchNormalized
            self.dropout = dropout
            self.initialization = initialization
        }

        init(_ table: RecipeTable) throws(RecipeError) {
            try table.requireKeys([
                "architecture", "embedding", "widths", "blocks", "stem_stride", "activation", "pooling", "regions",
                "normalised", "batch_normalised",
                "dropout", "initialisation",
            ])
            architecture = try table.choice("architecture", of: Architecture.self)
            embedding = try table.optionalInteger("embedding", in: 1...65_536)
            widths = table.has("widths") ? try table.integers("widths", atMost: 16, in: 1...4096) : nil
            blocks = table.has("blocks") ? try table.integers("blocks", atMost: 16, in: 1...64) : nil
            stemStride = try table.optionalInteger("stem_stride", in: 1...4)
            activation =
                table.has("activation")
                ? try table.choice("activation", of: ArchitectureDescription.Activation.self) : nil
            pooling = table.has("pooling") ? try table.choice("pooling", of: ArchitectureDescription.Pooling.self) : nil
            regions = try table.optionalInteger("regions", in: 1...64)
            normalized = table.has("normalised") ? try table.boolean("normalised", default: false) : nil
            batchNormalized =
                table.has("batch_normalised") ? try table.boolean("batch_normalised", default: false) : nil
            dropout = try table.optionalNumber("dropout", in: 0...0.99)
            initialization =
                table.has("initialisation") ? try table.choice("initialisation", of: WeightInitialization.self) : nil
        }

        func description(width: Int, height: Int) -> ArchitectureDescription {
            ArchitectureDescription(
                architecture, channels: 1, height: height, width: width, embedding: embedding, widths: widths,
                blocks: blocks,
                stemStride: stemStride, activation: activation, pooling: pooling, regions: regions,
                isNormalized: normalized,
                isBatchNormalized: batchNormalized, dropout: dropout.map { Float($0) }, initialization: initialization)
        }
    }

    init(_ table: RecipeTable) throws(RecipeError) {
        switch (table.has("architecture"), table.has("onnx")) {
        case (true, false): self = .architecture(try Form(table))
        case (false, true):
            try table.requireKeys(["onnx"])
            self = .onnx(path: try table.string("onnx", expected: "the path of an ONNX file"))
        case (true, true), (false, false):
            throw .missingKey(
                key: table.full("architecture"), line: table.lines.line(of: table.name),
                expected: "the name of a network, or onnx in its place: one of the two")
        }
    }

    var entries: [RecipeText.Entry] {
        switch self {
        case .onnx(let path): [("onnx", .string(path))]
        case .architecture(let form):
            [
                ("architecture", .string(form.architecture.rawValue)),
                ("embedding", form.embedding.map(TOMLItem.integer)),
                ("widths", form.widths.map { .array($0.map(TOMLItem.integer)) }),
                ("blocks", form.blocks.map { .array($0.map(TOMLItem.integer)) }),
                ("stem_stride", form.stemStride.map(TOMLItem.integer)),
                ("activation", (form.activation?.rawValue).map(TOMLItem.string)),
                ("pooling", (form.pooling?.rawValue).map(TOMLItem.string)),
                ("regions", form.regions.map(TOMLItem.integer)),
                ("normalised", form.normalized.map(TOMLItem.boolean)),
                ("batch_normalised", form.batchNormalized.map(TOMLItem.boolean)),
                ("dropout", form.dropout.map(TOMLItem.number)),
                ("initialisation", (form.initialization?.rawValue).map(TOMLItem.string)),
            ]
        }
    }
}
