import ArgumentParser
import EnrollSupport
import Foundation

/// What commands print, and how they end.
struct Output: ParsableArguments {
    @Flag(help: "Print one JSON object, of an error too.")
    var json = false

    /// Prints a result: the value as JSON, or the text for people.
    func print(_ value: some Encodable, text: @autoclosure () -> String) throws {
        try StandardStream.standardOutput.write(json ? try JSONText.line(value) : text())
    }

    /// Ends the command with a status; returns when it is success.
    static func end(_ status: CommandStatus) throws {
        if status != .success { throw ExitCode(status.rawValue) }
    }

    /// Tells a failure and ends the process.
    static func end(with failure: CommandFailure) -> Never {
        if isAskedForJSON, let line = try? JSONText.line(FailureReport(failure)) {
            try? StandardStream.standardOutput.write(line)
        }
        try? StandardStream.standardError.write(failure.line)
        Foundation.exit(failure.status.rawValue)
    }

    /// Ends the process as ArgumentParser does: help and versions on standard output, wrong usage on standard error.
    static func endParsing(_ error: any Error) -> Never {
        let isUsage = Enroll.exitCode(for: error) == .validationFailure
        if isUsage, isAskedForJSON {
            let failure = CommandFailure(.usage, name: "Usage", message: Enroll.message(for: error))
            if let line = try? JSONText.line(FailureReport(failure)) { try? StandardStream.standardOutput.write(line) }
        }
        switch error {
        // What neither ArgumentParser nor this command throws on purpose.
        case is EncodingError, is DecodingError: end(with: CommandFailure(error))
        default: Enroll.exit(withError: error)
        }
    }

    /// Also where the arguments could not be parsed.
    private static var isAskedForJSON: Bool {
        CommandLine.arguments.dropFirst().prefix { $0 != "--" }.contains("--json")
    }
}
