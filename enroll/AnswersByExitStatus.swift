// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport

/// A command whose exit status is its answer: nothing but a match ends with 0, whatever its arguments are.
protocol AnswersByExitStatus: AsyncParsableCommand {
    /// Asks, prints, and returns the answer.
    func answer() async throws -> CommandStatus
}

extension AnswersByExitStatus {
    func run() async throws {
        try Output.end(try await answer())
    }
}

extension CommandTree {
    /// A command with its subcommands.
    init(_ command: any ParsableCommand.Type) {
        let configuration = command.configuration
        self.init(
            name: configuration.commandName ?? "", children: configuration.subcommands.map { CommandTree($0) },
            hasDefault: configuration.defaultSubcommand != nil,
            answersByExitStatus: command is any AnswersByExitStatus.Type)
    }
}
