import ArgumentParser
import Biometrics
import EnrollSupport

extension Modality: ExpressibleByArgument {}

/// `enroll add`.
struct AddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Enrol a person from images, or add samples; a person has 1 to 5.",
        discussion: """
            Every image is tried, and one that is refused leaves the others enrolled; the exit status is then that \
            of the first refused.
            """)

    @Argument(help: "The person's name.", completion: .identity)
    var name: String

    @Argument(help: "PNG or JPEG files, each showing this person, or this person's signature, alone.", completion: .image)
    var photo: [String]

    @Option(help: "What the images show: face, signature or glyph; default: what the person is enrolled with, else the first that the daemon has a model for.")
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
