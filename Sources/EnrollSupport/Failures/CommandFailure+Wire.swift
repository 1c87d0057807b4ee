// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import Varlink

extension CommandFailure {
    /// An error reply of the daemon, in the daemon's own words.
    public init(_ error: VarlinkError) {
        self.init(error, calling: nil)
    }

    /// - Parameter role: what the method needs, which a denial then says how to get; nil where that is not known.
    package init(_ error: VarlinkError, calling role: Role?) {
        let denied = error == .permissionDenied ? role : nil
        self.init(
            Self.status(of: error), name: error.name, message: denied.map(Self.denial) ?? Self.message(of: error),
            parameters: error.parameters.filter { $0.key != "message" })
    }

    private static func denial(of role: Role) -> String {
        let user = currentUser
        func line(_ setting: String) -> String { "\(setting) = [\"\(user)\"]" }
        let ways =
            switch role {
            case .verifySelf:
                "\(line("verify")) to verify and identify anybody, \(line("verify_self")) to verify who is called as the account alone; \(line("score")) for --fmr"
            case .enrollSelf:
                "\(line("enrol")) to enrol anybody, \(line("enrol_self")) to enrol under the name of the account alone, where polkit allows it"
            case .verify: "\(line("verify")); \(line("score")) for --fmr and --fpir"
            default: line(role.rawValue)
            }
        return
            "the daemon does not allow the user \(user) to do this; its administrator can, with a line under [access] in the daemon's configuration: \(ways)"
    }

    /// No reply at all.
    public init(_ error: VarlinkClientError) {
        switch error {
        case .cannotConnect: self.init(.unavailable, name: "DaemonUnavailable", message: error.description)
        case .connectionClosed, .notTaken: self.init(.unavailable, name: "ConnectionClosed", message: error.description)
        case .badReply: self.init(.protocolError, name: "BadReply", message: error.description)
        }
    }

    /// Parameters that a caller of the command chooses; a daemon that refuses another was sent nonsense by us.
    private static let chosenParameters: Set = [
        "identity", "sample", "modality", "operating_point", "false_positive_identification_rate", "limit", "largest",
        "model", "max_drop", "after", "user", "to",
    ]

    private static func status(of error: VarlinkError) -> CommandStatus {
        let parts = error.name.split(separator: ".")
        switch (parts.dropLast().joined(separator: "."), parts.last.map(String.init) ?? "") {
        case ("org.varlink.service", "PermissionDenied"): return .noPermission
        case ("org.varlink.service", "InvalidParameter"):
            return chosenParameters.contains(error.parameters["parameter"]?.stringValue ?? "") ? .usage : .protocolError
        case (InterfaceNames.verification, let name), (InterfaceNames.admin, let name):
            return status(ofOwn: name, error.parameters)
        default: return .protocolError
        }
    }

    private static func status(ofOwn name: String, _ parameters: [String: JSONValue]) -> CommandStatus {
        switch name {
        case "ReservedName", "NotAuthorized": .noPermission
        case "NoSuchIdentity", "NoSuchSample", "NoUsableSample", "NoRotation", "NothingToRollBack": .notEnrolled
        case "TooManySamples", "IdentityExists": .cannotCreate
        case "InvalidName", "LastSample", "NoSuchOperatingPoint", "NoSuchIdentificationRate": .usage
        case "ImageRejected", "NoFace", "SeveralFaces", "LowQuality", "NoUsableEmbedding", "GalleryDamaged": .badData
        // With an identity the image is of the wrong kind; without, the daemon has no model for the kind.
        case "ModalityMismatch": parameters["identity"]?.stringValue == nil ? .configuration : .badData
        case "NoSuchModel", "RotationImpossible", "RotationRefused", "NotSupported": .configuration
        case "Busy", "RotationRunning", "TooManyAttempts": .tryAgain
        case "Internal": .internalError
        default: .protocolError
        }
    }

    /// The name of the user who calls, or the number of one without a name.
    private static var currentUser: String {
        let user = geteuid()
        guard let account = getpwuid(user), let name = account.pointee.pw_name else { return "\(user)" }
        return String(cString: name)
    }

    /// What to do, behind the daemon's words, where the daemon says what there is and the command how to ask for it.
    private static func remedy(for error: VarlinkError) -> String {
        guard error.name == "\(InterfaceNames.verification).NoSuchIdentificationRate",
            case .array(let available)? = error.parameters["available"],
            available.contains(where: { if case .double(let rate) = $0 { rate < 1 } else { false } })
        else { return "" }
        return "; ask for one of these or more (--fpir)"
    }

    private static func message(of error: VarlinkError) -> String {
        if error.parameters["message"]?.stringValue != nil { return error.description + remedy(for: error) }
        let parameter = error.parameters["parameter"]?.stringValue ?? "a parameter"
        switch error.name {
        case "org.varlink.service.PermissionDenied":
            let user = currentUser
            return
                "the daemon does not allow the user \(user) to do this; its administrator can, with a line under [access] in the daemon's configuration: "
                + "verify = [\"\(user)\"] to verify and identify, enrol = [\"\(user)\"] to enrol too, admin = [\"\(user)\"] for the rest, score = [\"\(user)\"] for scores, --fmr and --fpir"
        case "org.varlink.service.InvalidParameter":
            return "the daemon does not take this value for “\(parameter)”"
        case "org.varlink.service.MethodNotFound", "org.varlink.service.MethodNotImplemented",
            "org.varlink.service.InterfaceNotFound":
            return "the daemon does not know how to do this; is it of the same version as this command? (\(error))"
        default:
            return "the daemon answered with the error \(error)"
        }
    }
}
