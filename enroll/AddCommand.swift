// SPDX-License-Identifier: Apache-2.0

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
            of the first refused. ^C lets the image at hand end, tries no other, and tells what is enrolled, with exit status \
            \(CommandStatus.interrupted.rawValue).

            With --camera pictures of a face, or of what --modality says, are taken until there are enough good ones, and standard error says what to do \
            meanwhile. All of them are enrolled in one step at the end, or nothing is: ^C leaves everything as it was. They are taken by the \
            command that \(CaptureCommand.configurationPath) names for the PAM module, or that of --capture, without a shell, and written to \
            no file.
            """)

    @Argument(help: "The person's name.", completion: .identity, transform: TextArgument.checked)
    var name: String

    @Argument(
        help: """
            Image files, each showing this person, or this person's signature, alone; or a folder with 1 to \
            \(EnrollmentImages.most) of them.
            """,
        completion: .image)
    var photo: [String] = []

    @OptionGroup var camera: CameraOptions

    @Option(
        help:
            "What the images show: face, signature or glyph; default: what the person is enrolled with, else the first that the daemon has a model for."
    )
    var modality: Modality?

    @Flag(help: "Take the largest of several faces.")
    var largest = false

    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        guard camera.camera != !photo.isEmpty else {
            throw ValidationError(
                photo.isEmpty
                    ? "name at least one image, or have them taken with --camera"
                    : "--camera takes the pictures itself: name no image")
        }
        guard photo.filter({ $0 == InputFile.standardInput }).count <= 1 else {
            throw ValidationError("standard input can be read only once: give “-” once")
        }
    }

    func run() async throws {
        if camera.camera { return try await runWithCamera() }
        let images = try EnrollmentImages.files(photo)
        let progress = images.count > 1 ? ProgressDisplay(title: "enrolling") : nil
        let run = EnrollmentRun(client: try daemon.client, identity: name, modality: modality, largest: largest)
        let interruption = Interruption(), signals = InterruptionSignals(interruption)
        let report = await run.report(photographs: images, interruption: interruption) { done in
            progress?.show(done: done, total: images.count)
        }
        progress?.clear()
        withExtendedLifetime(signals) {}
        try daemon.output.print(report, text: report.text)
        try StandardStream.standardError.write(report.complaints)
        try Output.end(interruption.isRequested ? .interrupted : report.status)
    }

    private func runWithCamera() async throws {
        let run = CameraEnrollment(
            client: try daemon.client, camera: try camera.opened(enrolling: name), identity: name, modality: modality,
            largest: largest, limits: camera.limits
        ) { line in
            try? StandardStream.standardError.write(line + "\n")
        }
        let interruption = Interruption(), signals = InterruptionSignals(interruption)
        let report = try await run.report(interruption: interruption)
        withExtendedLifetime(signals) {}
        try daemon.output.print(report, text: report.text)
        try StandardStream.standardError.write(report.complaints)
    }
}
