// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import Foundation

/// What commands print, and how they end.
struct Output: ParsableArguments {
    @Flag(help: "Print one JSON object, of an error too.")
    var json = false

    /// Prints a result: the value as JSON, or the text for people.
    func print(_ value: some Encodable, text: @autoclosure () -> String) throws {
        try StandardStream.standardOutput.write(
            json ? PlainPath.told(try JSONText.line(value), isJSON: true) : PlainPath.told(text()))
    }

    /// Ends the command with a status; returns when it is success.
    static func end(_ status: CommandStatus) throws {
        if status != .success { throw ExitCode(status.rawValue) }
    }

    /// Tells a failure and ends the process.
    static func end(with failure: CommandFailure) -> Never {
        tellJSON(failure)
        try? StandardStream.standardError.write(failure.line)
        Foundation.exit(failure.status.rawValue)
    }

    /// Ends the process after whatever was thrown: by a command, or by ArgumentParser, whose help and versions go to
    /// standard output and whose complaints go to standard error.
    static func end(_ error: any Error) -> Never {
        if let failure = error as? CommandFailure { end(with: failure) }
        if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
        let arguments = GivenArguments.ordered, code = Enroll.exitCode(for: error)
        // Neither help nor wrong usage: what nobody throws on purpose.
        guard code == .success || code == .validationFailure else { end(with: CommandFailure(error)) }
        let message = text(Enroll.fullMessage(for: error)).replacingPrefix("Error: ", with: "enroll: ")
        if code == .success {
            // The parser takes help of what is no command for help of the nearest that is one.
            if let misspelling = GivenArguments.tree.misspelling(in: arguments, GivenArguments.commonOptions) {
                end(with: CommandFailure(.usage, name: "Usage", message: misspelling))
            }
            guard GivenArguments.tree.asksForAnswer(arguments) else { endWithHelp(message) }
            // A shell that completes a name reads it whatever the status is.
            if arguments.first == "---completion" { endWithHelp(message, .usage) }
            endWithoutAnswer(message)
        }
        if let misspelling = GivenArguments.tree.misspelling(in: arguments, GivenArguments.commonOptions) {
            end(with: CommandFailure(.usage, name: "Usage", message: misspelling))
        }
        tellJSON(CommandFailure(.usage, name: "Usage", message: withHelpThatAnswers(text(Enroll.message(for: error)))))
        try? StandardStream.standardError.write(withHelpThatAnswers(message))
        Foundation.exit(CommandStatus.usage.rawValue)
    }

    private static func endWithHelp(_ message: String, _ status: CommandStatus = .success) -> Never {
        do throws(CommandFailure) {
            try StandardStream.standardOutput.write(message)
        } catch {
            end(with: error)
        }
        Foundation.exit(status.rawValue)
    }

    /// Shows what was asked for beside a question, and says that it is no answer.
    private static func endWithoutAnswer(_ message: String) -> Never {
        let failure = CommandFailure(
            .usage, name: "Usage",
            message:
                "nothing was compared: an argument that begins with “-” was taken for an option. A name or file that does comes "
                + "after “--”; enroll help verify shows the help with exit status 0, which here stands for a match alone"
        )
        try? StandardStream.standardError.write(message)
        end(with: failure)
    }

    /// ArgumentParser's advice to use --help, where that ends as wrong usage does.
    private static func withHelpThatAnswers(_ message: String) -> String {
        GivenArguments.tree.answeringNames.reduce(message) {
            $0.replacingOccurrences(of: "enroll \($1) --help", with: "enroll help \($1)")
        }
    }

    private static func tellJSON(_ failure: CommandFailure) {
        guard GivenArguments.askForJSON, let line = try? JSONText.line(FailureReport(failure)) else { return }
        try? StandardStream.standardOutput.write(line)
    }

    /// What ArgumentParser quotes, made fit for a terminal.
    private static func text(_ message: String) -> String {
        let printable = PrintableText.ofLines(EscapedBytes.shown(message))
        return printable.isEmpty || printable.hasSuffix("\n") ? printable : printable + "\n"
    }
}

extension String {
    /// The text with another beginning, where it has this one.
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
