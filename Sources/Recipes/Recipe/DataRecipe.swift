// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Recognition
import StrictTOML

/// What a network learns from, and how an image becomes its input.
public struct DataRecipe: Sendable, Hashable {
    /// What the images show. It decides how they are prepared, in training as in the package that comes of it:
    /// signatures by the signature pipeline, faces by the detector of another package, glyphs by resizing.
    public var modality: Modality
    /// What a signature keeps of its ink; for signatures only.
    public var ink: Ink
    /// The network's input, in pixels.
    public var width: Int
    public var height: Int
    /// A number of the input is `(pixel − mean) / standardDeviation`, with grey levels in 0…255.
    public var mean: Double
    public var standardDeviation: Double
    /// A model package whose detector and alignment cut out the faces; for faces only.
    public var faces: String?
    /// The run stops when more than this share of the images or rows cannot be used.
    public var badShare: Double
    public var sources: [DataSource]

    /// How signatures are prepared.
    public enum Ink: String, Sendable, Hashable, CaseIterable {
        /// The ink alone, on a canvas, lighter and darker.
        case gray = "grey"
        /// The same, with all ink alike.
        case binary
        /// The whole picture, resized: no preparation.
        case picture

        /// Nil for the whole picture.
        var preparation: SignaturePreparation.Ink? {
            switch self {
            case .gray: .gray
            case .binary: .binary
            case .picture: nil
            }
        }
    }

    public init(
        modality: Modality, ink: Ink = .gray, width: Int, height: Int, mean: Double = 0,
        standardDeviation: Double = 255, faces: String? = nil,
        badShare: Double = 0.01, sources: [DataSource]
    ) {
        self.modality = modality
        self.ink = ink
        self.width = width
        self.height = height
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.faces = faces
        self.badShare = badShare
        self.sources = sources
    }

    private static let keys = [
        "modality", "ink", "width", "height", "mean", "standard_deviation", "faces", "bad_share", "sources",
    ]

    init(_ table: RecipeTable) throws(RecipeError) {
        try table.requireKeys(Self.keys)
        modality = try table.choice("modality", of: Modality.self)
        ink = try table.choice("ink", of: Ink.self, default: .gray)
        guard modality == .signature || !table.has("ink") else {
            throw .contradiction(reason: "\(table.full("ink")) is for the modality “signature” alone")
        }
        width = try table.integer("width", in: NetworkInput.sides)
        height = try table.integer("height", in: NetworkInput.sides)
        mean = try table.number("mean", in: -1024...1024, default: 0)
        standardDeviation = try table.number("standard_deviation", in: 1e-6...1e6, default: 255)
        faces = table.has("faces") ? try table.string("faces", expected: "the path of a face model package") : nil
        badShare = try table.number("bad_share", in: 0...1, default: 0.01)
        sources = []
        for source in try table.tables("sources", atMost: 64) { sources.append(try DataSource(source)) }
    }

    func write(to text: inout RecipeText) {
        text.section(
            "data",
            [
                ("modality", .string(modality.rawValue)), ("ink", modality == .signature ? .string(ink.rawValue) : nil),
                ("width", .integer(width)), ("height", .integer(height)),
                ("mean", .number(mean)), ("standard_deviation", .number(standardDeviation)),
                ("faces", faces.map(TOMLItem.string)),
                ("bad_share", .number(badShare)),
            ])
        for source in sources { source.write(to: &text) }
    }
}

/// One place that images come from.
public struct DataSource: Sendable, Hashable {
    /// What stages call it.
    public var name: String
    public var origin: Origin
    /// Whether its identities are held out, and split in cross-validation. What is not evaluated is always trained on.
    public var isEvaluated: Bool
    /// Whether each quarter turn of an image is an identity of its own, as is usual for characters.
    public var turns: Bool
    /// Whether each mirror image is one, too.
    public var mirrors: Bool

    public enum Origin: Sendable, Hashable {
        /// A folder for each identity; grouped, one level deeper in a folder for each group, such as an alphabet.
        case folder(path: String, grouped: Bool)
        /// A CSV file of pairs.
        case pairs(path: String)
        /// Signatures that are generated.
        case synthetic(identities: Int, genuine: Int, forgeries: Int, seed: Int)
        /// A folder of recordings of a pen for each identity, each drawn so many times.
        case pens(path: String, drawings: Int, seed: Int)
    }

    public init(name: String, origin: Origin, isEvaluated: Bool = true, turns: Bool = false, mirrors: Bool = false) {
        self.name = name
        self.origin = origin
        self.isEvaluated = isEvaluated
        self.turns = turns
        self.mirrors = mirrors
    }

    init(_ table: RecipeTable) throws(RecipeError) {
        let kinds = ["folder", "pairs", "synthetic", "pens"]
        let present = kinds.filter(table.has)
        guard let kind = present.first, present.count == 1 else {
            throw .missingKey(
                key: table.full("folder"), line: table.lines.line(of: table.name),
                expected: "exactly one of folder, pairs, synthetic and pens in each of [[data.sources]]")
        }
        name = try table.string("name")
        let common = ["name", "evaluated", "turns", "mirrors"]
        switch kind {
        case "folder":
            try table.requireKeys(common + ["folder", "grouped"])
            origin = .folder(
                path: try table.string("folder", expected: "the path of a folder"),
                grouped: try table.boolean("grouped", default: false))
        case "pairs":
            try table.requireKeys(common + ["pairs"])
            origin = .pairs(path: try table.string("pairs", expected: "the path of a CSV file"))
        case "pens":
            try table.requireKeys(common + ["pens", "drawings", "seed"])
            origin = .pens(
                path: try table.string("pens", expected: "the path of a folder"),
                drawings: try table.integer("drawings", in: 1...100, default: 1),
                seed: try table.integer("seed", in: 0...Int.max, default: 1))
        default:
            try table.requireKeys(common + ["synthetic", "genuine", "forgeries", "seed"])
            origin = .synthetic(
                identities: try table.integer("synthetic", in: 2...100_000),
                genuine: try table.integer("genuine", in: 2...1000, default: 12),
                forgeries: try table.integer("forgeries", in: 0...1000, default: 12),
                seed: try table.integer("seed", in: 0...Int.max, default: 1))
        }
        isEvaluated = try table.boolean("evaluated", default: !["synthetic", "pens"].contains(kind))
        turns = try table.boolean("turns", default: false)
        mirrors = try table.boolean("mirrors", default: false)
    }

    func write(to text: inout RecipeText) {
        var entries: [RecipeText.Entry] = [("name", .string(name))]
        switch origin {
        case .folder(let path, let grouped): entries += [("folder", .string(path)), ("grouped", .boolean(grouped))]
        case .pairs(let path): entries.append(("pairs", .string(path)))
        case .pens(let path, let drawings, let seed):
            entries += [("pens", .string(path)), ("drawings", .integer(drawings)), ("seed", .integer(seed))]
        case .synthetic(let identities, let genuine, let forgeries, let seed):
            entries += [
                ("synthetic", .integer(identities)), ("genuine", .integer(genuine)), ("forgeries", .integer(forgeries)),
                ("seed", .integer(seed)),
            ]
        }
        entries += [("evaluated", .boolean(isEvaluated)), ("turns", .boolean(turns)), ("mirrors", .boolean(mirrors))]
        text.section("[data.sources]", entries)
    }
}
