// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonSupport
import EnrollSupport
import LikenessInterface

/// `enroll unlock`.
struct UnlockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock",
        abstract: "Lift lock-outs after failed comparisons, and forget the failures.",
        discussion:
            "enroll status shows who is locked out. Without a user and a name, --all says that everybody is meant.")

    @Option(
        help: ArgumentHelp("The user who is locked out, by name or number.", valueName: "user"),
        transform: TextArgument.checked)
    var user: String?

    @Option(
        help: ArgumentHelp("Only what failed with this person.", valueName: "name"), completion: .identity,
        transform: TextArgument.checked)
    var identity: String?

    @Flag(help: "Lift all lock-outs.")
    var all = false

    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        guard all != (user != nil || identity != nil) else {
            throw ValidationError("unlock takes --user, --identity or both, or else --all")
        }
    }

    func run() async throws {
        var number: Int?
        if let user {
            let found = AccessIdentifiers.resolving([.user(user)], setting: "--user")
            guard let id = found.identifiers.users.first else {
                throw CommandFailure(
                    .usage, name: "NoSuchUser",
                    message: "this host has no user “\(user)”; a number stands for one of another host")
            }
            number = Int(id)
        }
        let reply = try await daemon.client.call(Unlock(user: number, identity: identity))
        try daemon.output.print(reply, text: LockOutText.unlocked(reply))
    }
}
