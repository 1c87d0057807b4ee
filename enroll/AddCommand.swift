import ArgumentParser
import Biometrics
import EnrollSupport

extension Modality: ExpressibleByArgument {}

/// `enroll add`.
struct AddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Enrol a person from photographs, or add samples; a person has 1 to 5.",
        discussion: """
            Every photograph is tried, and one that is refused leaves the others enrolled; the exit status is then that \
            of the first refused.
            """)

    @Argument(help: "The person's name.", completion: .identity)
    var name: String

    @Argument(help: "PNG or JPEG files, each showing this person alone.", completion: .photograph)
    var photo: [String]

    @Option(help: "What the photographs show; default: face.")
    var modality: Modality?

    @Flag(help: "Take the largest of several faces.")
    var largest = false

    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        guard photo.filter({ $0 == InputFile.standardInput }).count <= 1 else {
            throw ValidationError("standard input can be read only once: give “-” once")
        }
    }

    func run() async throws {
        let progress = photo.count > 1 ? ProgressDisplay(title: "enrolling") : nil
        let run = EnrolmentRun(client: daemon.client, identity: name, modality: modality, largest: largest)
        let report = await run.report(photographs: photo) { done in progress?.show(done: done, total: photo.count) }
        progress?.clear()
        try daemon.output.print(report, text: report.text)
        try StandardStream.standardError.write(report.complaints)
        try Output.end(report.status)
    }
}
