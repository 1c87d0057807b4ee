// SPDX-License-Identifier: Apache-2.0

/// The detector of a face model: its network's file and how it is used.
public struct FaceDetection: Sendable, Hashable {
    /// The ONNX file's name in the package.
    public var file: String
    public var kind: Kind

    /// A kind of detector with its parameters.
    public enum Kind: Sendable, Hashable {
        /// YuNet: box, five landmarks and confidence from one network.
        case yuNet(YuNetParameters)
        /// dlib's max-margin detector, and the file of its landmark predictor.
        case dlibMMOD(MMODParameters, landmarksFile: String)
    }

    private enum KindName: String, CaseIterable {
        case yuNet = "yunet"
        case dlibMMOD = "dlib-mmod"
    }

    public init(file: String, kind: Kind) {
        self.file = file
        self.kind = kind
    }

    /// What its landmarks are.
    public var landmarkLayout: LandmarkLayout {
        switch kind {
        case .yuNet: .eyesNoseMouth
        case .dlibMMOD: .eyeCornersNose
        }
    }

    init(_ table: ManifestTable) throws(ModelPackageError) {
        let common = ["kind", "file"]
        switch try table.choice("kind", of: KindName.self) {
        case .yuNet:
            try table.requireKeys(common + YuNetParameters.keys)
            self.init(file: try table.string("file"), kind: .yuNet(try YuNetParameters(table)))
        case .dlibMMOD:
            try table.requireKeys(common + ["landmarks"] + MMODParameters.CodingKeys.allCases.map(\.rawValue))
            self.init(
                file: try table.string("file"),
                kind: .dlibMMOD(try MMODParameters(table), landmarksFile: try table.string("landmarks")))
        }
    }

    var section: ManifestSection {
        switch kind {
        case .yuNet(let parameters):
            ManifestSection(
                "detector",
                entries: [
                    .init(key: "kind", value: .string(KindName.yuNet.rawValue)),
                    .init(key: "file", value: .string(file)),
                ] + parameters.entries)
        case .dlibMMOD(let parameters, let landmarksFile):
            ManifestSection(
                "detector",
                entries: [
                    .init(key: "kind", value: .string(KindName.dlibMMOD.rawValue)),
                    .init(key: "file", value: .string(file)),
                    .init(key: "landmarks", value: .string(landmarksFile)),
                ] + parameters.entries)
        }
    }
}
