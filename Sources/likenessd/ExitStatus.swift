// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Decoding
import Files
import Gallery
import Recognition
import Service
import Varlink

/// How the daemon ends, by the numbers of `sysexits.h`. The unit restarts it after those that may pass.
enum ExitStatus: Int32, CaseIterable {
    case stopped = 0
    case usage = 64
    case badData = 65
    case noModel = 66
    case fault = 70
    case cannotMake = 73
    case inputOutput = 74
    case inUse = 75
    case notPermitted = 77
    case configuration = 78

    var meaning: String {
        switch self {
        case .stopped: "it was asked to stop, or the configuration is right"
        case .usage: "the arguments are wrong"
        case .badData: "a model package or the gallery is damaged, or made by a later version"
        case .noModel: "there is no model, or it cannot be read"
        case .fault: "an error of the daemon itself"
        case .cannotMake: "the socket, the gallery or a folder cannot be made"
        case .inputOutput: "the disk is full, or fails"
        case .inUse: "another daemon has the gallery or the socket"
        case .notPermitted: "what decides belongs to another user, or others may write to it"
        case .configuration: "the configuration is wrong"
        }
    }

    /// Whether starting again does not help: the unit does not do it after such an end (RestartPreventExitStatus=).
    var isFinal: Bool {
        switch self {
        case .usage, .badData, .noModel, .cannotMake, .notPermitted, .configuration: true
        case .stopped, .fault, .inputOutput, .inUse: false
        }
    }

    /// A line for each, for the help.
    static var table: String {
        allCases.map { "  \($0.rawValue < 10 ? " " : "")\($0.rawValue)  \($0.meaning)" }.joined(separator: "\n")
    }

    /// What a failure to start or to go on ends with.
    static func of(_ error: any Error) -> ExitStatus {
        switch error {
        case let error as ConfigurationProblems: of(error)
        case is SocketActivationError, is DaemonSettings.NoHome, is DecoderNotFound: .configuration
        case let error as TrustProblem: of(error)
        case let error as ModelPackageError: of(error)
        case let error as ServiceStartError: of(error)
        case let error as GalleryError: of(error)
        case let error as ListeningError: of(error)
        case let error as PrivateFolder.Problem: of(error)
        case let error as WrappingKey.FileProblem: of(error)
        default: .fault
        }
    }

    private static func of(_ error: ModelPackageError) -> ExitStatus {
        switch error {
        case .noSuchModel, .noActiveModel, .faceCover, .severalFaceCovers, .unreadable: .noModel
        case .unwritable: .cannotMake
        case .notTrusted: .notPermitted
        case .inPackage(_, let error), .inPossibleFaceCover(_, let error): of(error)
        default: .badData
        }
    }

    private static func of(_ error: ConfigurationProblems) -> ExitStatus {
        let isDistrust = error.problems.contains { if case .notTrusted = $0 { true } else { false } }
        return isDistrust ? .notPermitted : .configuration
    }

    private static func of(_ error: TrustProblem) -> ExitStatus { error.isDistrust ? .notPermitted : .cannotMake }

    private static func of(_ error: ServiceStartError) -> ExitStatus {
        switch error {
        case .severalModels, .noOperatingPoint, .noSkilledPoint: .configuration
        case .notCalibrated, .model: .badData
        case .decoder: .fault
        }
    }

    private static func of(_ error: GalleryError) -> ExitStatus {
        switch error {
        case .inUse: .inUse
        case .cannotOpen, .notDurable, .tooManyOpenFiles: .cannotMake
        case .notAGallery, .newerSchema, .damagedRecord, .disturbed: .badData
        case .madeWithAnotherModel, .noActiveModel, .wrongEmbedding, .keyMissing, .keyWrong, .notEncrypted,
            .connectionMalformed,
            .passwordUnreadable, .notTrusted, .unfit:
            .configuration
        case .diskFull, .diskFailed, .storage, .unreachable, .outcomeUnknown, .busy: .inputOutput
        case .refused: .notPermitted
        case .noSuchIdentity, .noSuchSample, .tooManySamples, .lastSample, .sameIdentity, .bringsLockOut,
            .identityExists,
            .modalityMismatch, .rotationImpossible,
            .rollbackLoses, .modelIsActive, .rotationRunning,
            .noSuchGeneration, .nothingToRollBack, .notReembedded, .notSupported, .closed:
            .fault
        }
    }

    private static func of(_ error: ListeningError) -> ExitStatus {
        switch error {
        case .addressInUse: .inUse
        case .pathTooLong: .configuration
        case .notASocket, .system: .cannotMake
        }
    }

    private static func of(_ error: WrappingKey.FileProblem) -> ExitStatus {
        switch error {
        case .unreadable, .notAFile, .malformed: .configuration
        case .ownedByAnother, .openToOthers, .notTrusted: .notPermitted
        }
    }

    private static func of(_ error: PrivateFolder.Problem) -> ExitStatus {
        switch error {
        case .cannotCreate, .cannotInspect, .notAFolder: .cannotMake
        case .ownedByAnother, .openToOthers: .notPermitted
        }
    }
}
