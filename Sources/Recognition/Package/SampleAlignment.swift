/// How the network's image is cut out of the photograph.
public enum SampleAlignment: Sendable, Hashable {
    /// The whole image, resized to the network's size.
    case none
    /// ArcFace's: the similarity that brings five landmarks (``LandmarkLayout/eyesNoseMouth``) nearest to the
    /// standard places in a 112×112 chip, scaled to the network's size.
    case arcFace
    /// dlib's face chip, from ``LandmarkLayout/eyeCornersNose``, with a margin as a share of the face's size.
    case dlibChip(padding: Double)

    private enum Kind: String, CaseIterable {
        case none
        case arcFace = "arcface"
        case dlibChip = "dlib-chip"
    }

    /// The landmarks it needs; nil when it needs none.
    public var landmarkLayout: LandmarkLayout? {
        switch self {
        case .none: nil
        case .arcFace: .eyesNoseMouth
        case .dlibChip: .eyeCornersNose
        }
    }

    init(_ table: ManifestTable) throws(ModelPackageError) {
        switch try table.choice("kind", of: Kind.self) {
        case .none:
            try table.requireKeys(["kind"])
            self = .none
        case .arcFace:
            try table.requireKeys(["kind"])
            self = .arcFace
        case .dlibChip:
            try table.requireKeys(["kind", "padding"])
            self = .dlibChip(padding: try table.number("padding", in: 0...2))
        }
    }

    /// The kind's name in a manifest.
    var kindName: String {
        switch self {
        case .none: Kind.none.rawValue
        case .arcFace: Kind.arcFace.rawValue
        case .dlibChip: Kind.dlibChip.rawValue
        }
    }

    var section: ManifestSection {
        switch self {
        case .none, .arcFace: ManifestSection("alignment", ["kind": .string(kindName)])
        case .dlibChip(let padding):
            ManifestSection("alignment", ["kind": .string(kindName), "padding": .number(padding)])
        }
    }
}
