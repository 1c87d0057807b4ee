import ArgumentParser
import EnrollSupport
import Foundation
import LikenessInterface

/// The command `enroll`.
@main
struct Enroll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enroll",
        abstract: "Enrols people from images of their faces or signatures and verifies them, through the daemon likenessd.",
        discussion: """
            An image is a PNG or JPEG file; “-” stands for standard input. A name that begins with “-” comes \
            after “--”.

            Exit status:
            \(CommandStatus.table)

            With --json, standard output holds one JSON object on one line in every case: the daemon's reply as the \
            interface description states it, or {"error": {"name", "message", "parameters", "exit_status"}}. What \
            went wrong also stands on standard error, after “enroll: ”.

            Environment: LIKENESS_SOCKET names the daemon's socket.
            """,
        version: LikenessVersion.current,
        subcommands: [
            AddCommand.self, VerifyCommand.self, IdentifyCommand.self, ListCommand.self, ShowCommand.self,
            RemoveCommand.self, StatusCommand.self, UnlockCommand.self, RotateCommand.self, GalleryCommand.self, AuditCommand.self, ModelCommand.self,
            TrainCommand.self, EvaluateCommand.self, InspectCommand.self,
        ])

    static func main() async {
        // Models and exports are for the daemon's user to read, and for nobody else to change.
        umask(umask(0) | 0o022)
        do {
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Output.end(with: failure)
        } catch {
            Output.endParsing(error)
        }
    }
}
