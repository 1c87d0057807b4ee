// SPDX-License-Identifier: Apache-2.0

import Plotting
import Recipes
import Recognition
import Training
import Varlink
import Wording

/// Why the command did not do what it was asked: what a person reads, what a program reads, and the exit status.
public struct CommandFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public let status: CommandStatus
    /// For programs: an error's qualified name on the wire, or the plain name of one of the command's own.
    public let name: String
    /// What was wrong and what to do about it.
    public let message: String
    /// The parameters of an error of the wire, without its message.
    public let parameters: [String: JSONValue]

    public init(_ status: CommandStatus, name: String, message: String, parameters: [String: JSONValue] = [:]) {
        self.status = status
        self.name = name
        self.message = message
        self.parameters = parameters
    }

    public var description: String { message }

    /// What standard error gets: `enroll: …`.
    public var line: String { "enroll: \(PrintableText.of(Self.onOneLine(PlainPath.told(message))))\n" }

    /// What a database, say, tells on several lines.
    private static func onOneLine(_ message: String) -> String {
        message.split(whereSeparator: \.isNewline).map { $0.drop { $0.isWhitespace } }.joined(separator: " ")
    }

    /// The same failure with the file or the name it is about in front of its message.
    public func about(_ subject: String) -> CommandFailure {
        CommandFailure(status, name: name, message: "\(subject): \(message)", parameters: parameters)
    }

    /// The same failure with more of what to do behind its message.
    public func followed(by remedy: String) -> CommandFailure {
        CommandFailure(status, name: name, message: "\(message); \(remedy)", parameters: parameters)
    }

    /// The failure that any error of this package's parts is.
    public init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as VarlinkError: self.init(error)
        case let error as VarlinkClientError: self.init(error)
        case let error as ModelPackageError: self.init(error)
        case let error as CalibrationError: self.init(error)
        case let error as RecognitionError: self.init(error)
        case let error as RecipeError: self.init(error)
        case let error as RunError: self.init(error)
        case let error as ArchiveError: self.init(error)
        case let error as CheckpointError: self.init(error)
        case let error as DataSetError: self.init(error)
        case let error as TrainingError: self.init(error)
        case let error as EvaluationError: self.init(error)
        case let error as PlottingError: self.init(.internalError, name: "Internal", message: error.description)
        default: self.init(.internalError, name: "Internal", message: SystemReason.of(error))
        }
    }
}

extension CommandFailure: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name, message, parameters, status = "exit_status"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(PlainPath.told(message), forKey: .message)
        try container.encode(parameters, forKey: .parameters)
        try container.encode(status.rawValue, forKey: .status)
    }
}

/// What `--json` prints in place of a reply.
public struct FailureReport: Encodable, Sendable {
    public let error: CommandFailure

    public init(_ error: CommandFailure) {
        self.error = error
    }
}
