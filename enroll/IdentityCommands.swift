// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import LikenessInterface

/// `enroll list`.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List who is enrolled.")

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let replies = try await daemon.client.collect(List())
        let all = List.Reply(identities: replies.flatMap(\.identities))
        try daemon.output.print(all, text: IdentityText.list(all.identities))
    }
}

/// `enroll show`.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what is enrolled of a person, sample by sample.")

    @Argument(help: "The person's name.", completion: .identity, transform: TextArgument.checked)
    var name: String

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let reply = try await daemon.client.call(Describe(identity: name))
        try daemon.output.print(reply, text: IdentityText.description(reply))
    }
}

/// `enroll remove`.
struct RemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a person with all samples, or one sample.",
        discussion: "The last sample takes the person with it.")

    @Argument(help: "The person's name.", completion: .identity, transform: TextArgument.checked)
    var name: String

    @Option(help: ArgumentHelp("The sample's number; enroll show lists them.", valueName: "number"))
    var sample: Int?

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let reply = try await daemon.client.call(Remove(identity: name, sample: sample))
        try daemon.output.print(reply, text: IdentityText.removal(identity: name, sample: sample, reply))
    }
}

/// `enroll status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how the daemon is: its models, thresholds, gallery and load.")

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let client = try daemon.client
        let reply = try await client.call(Status())
        try daemon.output.print(reply, text: StatusText.text(reply, socket: EscapedBytes.printable(client.socket.path)))
    }
}
