// SPDX-License-Identifier: Apache-2.0

/// How the network's image is made of the picture.
public enum SampleAlignment: Sendable, Hashable {
    /// The whole image, resized to the network's size.
    case none
    /// ArcFace's: the similarity that brings five landmarks (``LandmarkLayout/eyesNoseMouth``) nearest to the
    /// standard places in a 112×112 chip, scaled to the network's size.
    case arcFace
    /// dlib's face chip, from ``LandmarkLayout/eyeCornersNose``, with a margin as a share of the face's size.
    case dlibChip(padding: Double)
    /// A signature's ink on a canvas of the network's size: ``SignaturePreparation``.
    case signatureCanvas(ink: SignaturePreparation.Ink)

    private enum Kind: String, CaseIterable {
        case none
        case arcFace = "arcface"
        case dlibChip = "dlib-chip"
        case signatureCanvas = "signature-canvas"
    }

    /// The landmarks it needs; nil when it needs none.
    public var landmarkLayout: LandmarkLayout? {
        switch self {
        case .none, .signatureCanvas: nil
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
        case .signatureCanvas:
            try table.requireKeys(["kind", "ink"])
            self = .signatureCanvas(ink: try table.choice("ink", of: SignaturePreparation.Ink.self))
        }
    }

    /// The kind's name in a manifest.
    public var kindName: String {
        switch self {
        case .none: Kind.none.rawValue
        case .arcFace: Kind.arcFace.rawValue
        case .dlibChip: Kind.dlibChip.rawValue
        case .signatureCanvas: Kind.signatureCanvas.rawValue
        }
    }

    var section: ManifestSection {
        switch self {
        case .none, .arcFace: ManifestSection("alignment", ["kind": .string(kindName)])
        case .dlibChip(let padding):
            ManifestSection("alignment", ["kind": .string(kindName), "padding": .number(padding)])
        case .signatureCanvas(let ink):
            ManifestSection("alignment", ["kind": .string(kindName), "ink": .string(ink.rawValue)])
        }
    }
}
