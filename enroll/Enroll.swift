// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import Foundation
import LikenessInterface

/// The command `enroll`.
@main
struct Enroll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enroll",
        abstract:
            "Enrols people from images of their faces or signatures and verifies them, through the daemon likenessd.",
        discussion: """
            An image is a PNG, JPEG, WebP, HEIC, AVIF or TIFF file; “-” stands for standard input. A name that begins with “-” comes \
            after “--”. --json, --socket, --timeout, --daemon-user and --models may also stand before the command.

            Exit status:
            \(CommandStatus.table)

            Exit status 0 of verify, identify and compare means a match and nothing else: --help and --version end with \
            64 there, and enroll help verify shows the help of verify.

            With --json, standard output holds one JSON object on one line in every case: the daemon's reply as the \
            interface description states it, or {"error": {"name", "message", "parameters", "exit_status"}}. What \
            went wrong also stands on standard error, after “enroll: ”.

            Environment: LIKENESS_SOCKET names the daemon's socket, LIKENESS_DAEMON_USER the user whose daemon that is.
            """,
        version: LikenessVersion.current,
        subcommands: [
            AddCommand.self, VerifyCommand.self, IdentifyCommand.self, ListCommand.self, ShowCommand.self,
            MoveCommand.self, RemoveCommand.self, StatusCommand.self, TopCommand.self, DoctorCommand.self,
            SupportReportCommand.self, MetricsCommand.self, UnlockCommand.self, RotateCommand.self,
            GalleryCommand.self,
            AuditCommand.self, ModelCommand.self,
            DetectCommand.self, CompareCommand.self, TrainCommand.self, EvaluateCommand.self, InspectCommand.self,
        ])

    static func main() async {
        StandardStream.keepNumbers()
        // Models and exports are for the daemon's user to read, and for nobody else to change.
        umask(umask(0) | 0o022)
        do {
            var command = try await asyncParseAsRoot(GivenArguments.ordered)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Output.end(error)
        }
    }
}
