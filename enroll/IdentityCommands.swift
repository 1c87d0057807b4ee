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

/// `enroll move`.
struct MoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Make a sample one of another person, as after an enrolment under a wrong name.",
        discussion: """
            The sample keeps its picture, its time and what the models made of it, and gets a new number. To undo an enrolment, \
            use enroll remove NAME --sample N.
            """)

    @Argument(
        help: "The name that the sample is enrolled under.", completion: .identity, transform: TextArgument.checked)
    var name: String

    @Option(help: ArgumentHelp("The sample's number; enroll show lists them.", valueName: "number"))
    var sample: Int

    @Argument(help: "The name of whom it shows.", completion: .identity, transform: TextArgument.checked)
    var other: String

    @Flag(help: "Enrol the other person with it, if nobody is enrolled under that name.")
    var create = false

    @Flag(help: "Move it though it is the only one: nobody is enrolled under the first name any more.")
    var last = false

    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        guard name != other else { throw ValidationError("the sample is one of “\(name)” already") }
    }

    func run() async throws {
        let move = SampleMoving(identity: name, sample: sample, to: other, create: create, last: last)
        let reply = try await move.reply(of: try daemon.client)
        try daemon.output.print(reply, text: move.text(reply))
        try StandardStream.standardError.write(move.complaints(reply))
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
