// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import Recognition

extension CommandFailure {
    /// The name of the failure where no package, or more than one, is meant.
    static let noSuchModelName = "NoSuchModel"

    /// A model package that is missing, damaged or unfit.
    public init(_ error: ModelPackageError) {
        switch error {
        case .inPackage(_, let inner), .inPossibleFaceCover(_, let inner):
            let failure = CommandFailure(inner)
            self.init(failure.status, name: failure.name, message: error.description)
            return
        default: break
        }
        let (status, name): (CommandStatus, String) =
            switch error {
            case .unreadable: (.noInput, "ModelUnreadable")
            case .notTrusted: (.configuration, "ModelNotTrusted")
            case .sameModel: (.configuration, "SameModel")
            case .otherFaceCover, .severalFaceCovers: (.configuration, "OtherFaceCover")
            case .unwritable: (.cannotCreate, "ModelUnwritable")
            case .noSuchModel, .noActiveModel, .faceCover: (.configuration, Self.noSuchModelName)
            case .notCalibrated: (.configuration, "ModelNotCalibrated")
            case .invalidArchive, .invalidSyntax, .missingKey, .invalidValue, .unknownKey, .contradiction, .missingFile,
                .digestMismatch, .tooLarge, .network, .invalidFile, .severalOutputs, .noFaceCover, .inPackage,
                .inPossibleFaceCover:
                (.configuration, "ModelRefused")
            }
        self.init(status, name: name, message: error.description)
    }

    /// The same of a package that is being made of files.
    ///
    /// - Parameter paths: what the user calls the files, by their names in the package.
    public init(importing error: ModelPackageError, from paths: [String: String]) {
        func path(_ file: String) -> String { EscapedBytes.printable(paths[file] ?? file) }
        let message: String
        switch error {
        case .network(let file, let reason): message = "\(path(file)): the network is refused: \(reason)"
        case .invalidFile(let file, let reason): message = "\(path(file)): the network cannot be used: \(reason)"
        case .severalOutputs(let file, let names):
            let all = names.map { "“\($0)”" }.joined(separator: ", ")
            message =
                "\(path(file)): it has \(names.count) outputs: \(all); say which of them is the embedding with "
                + "--embedding-output NAME"
        default:
            self.init(error)
            return
        }
        self.init(.configuration, name: "ModelRefused", message: message)
    }

    /// Images that no calibration comes of.
    public init(_ error: CalibrationError) {
        self.init(.badData, name: "NotCalibrated", message: error.description)
    }

    /// Images or pairs on which nothing can be measured.
    public init(_ error: EvaluationError) {
        self.init(.badData, name: "TooLittleData", message: error.description)
    }

    /// A picture that cannot be used, or a model that fails on it.
    public init(_ error: RecognitionError) {
        switch error {
        case .imageRejected(.decoderUnavailable(let reason)):
            self.init(
                .configuration, name: PictureDecoders.noDecoderName,
                message: ImagingError.decoderUnavailable(reason: reason).description)
        case .imageRejected:
            self.init(.badData, name: "ImageRejected", message: error.description)
        case .noFace:
            self.init(.badData, name: "NoFace", message: error.description)
        case .severalFaces:
            self.init(.badData, name: "SeveralFaces", message: "\(error), or take the largest with --largest")
        case .landmarksUnusable:
            self.init(.badData, name: "NoFace", message: error.description)
        case .embeddingUnusable:
            self.init(
                .badData, name: "EmbeddingUnusable",
                message: "\(error); a network that answers so has weights or an input statement that it was not "
                    + "trained with: check --mean, --std and the file")
        case .wrongSampleSize, .network, .internalFailure:
            self.init(.internalError, name: "RecognitionFailed", message: error.description)
        }
    }
}

extension CommandFailure {
    /// An archive of a gallery that is not imported.
    public init(_ error: ArchiveError) {
        if case .unreadable = error {
            self.init(.noInput, name: "NoInputFile", message: error.description)
        } else {
            self.init(.badData, name: "ArchiveRefused", message: error.description)
        }
    }
}

extension CommandFailure: LocalizedError {
    public var errorDescription: String? { message }
}
