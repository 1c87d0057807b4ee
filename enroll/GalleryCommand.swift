// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport

/// `enroll gallery`.
struct GalleryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gallery",
        abstract: "Export, import, back up, check, repair and encrypt what is enrolled.",
        subcommands: [
            GalleryExportCommand.self, GalleryImportCommand.self, GalleryBackupCommand.self, GalleryCheckCommand.self,
            GalleryRepairCommand.self, GalleryRekeyCommand.self, GalleryKeyCommand.self,
        ])
}

/// `enroll gallery export`.
struct GalleryExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write everything that is enrolled into one archive, for another host.",
        discussion: """
            The archive is an uncompressed tar file of JSON and images, which any language reads; docs/archive-format.md \
            describes it. It is not encrypted: only you can read the file. Exit status 65: damaged samples are left out.
            """)

    @Argument(help: "The archive to make.", completion: .file(extensions: ["tar"]))
    var file: String

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let report = try await ProgressDisplay.during("exporting") { progress in
            try await GalleryExport(client: daemon.patientClient).write(to: file, progress: progress)
        }
        try daemon.output.print(report, text: report.text)
        try StandardStream.standardError.write(report.complaints)
        try Output.end(report.status)
    }
}

/// `enroll gallery import`.
struct GalleryImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Enrol what an archive holds.",
        discussion: """
            The whole archive is checked before anything is sent. Then every identity is tried, and one that is refused leaves \
            the others enrolled; the exit status is then that of the first refused. Samples without an embedding by the \
            daemon's model are embedded from their images. ^C ends it after the identity at hand and tells what was imported.
            """)

    @Argument(help: "An archive that enroll gallery export made.", completion: .file(extensions: ["tar"]))
    var file: String

    @Flag(help: "Put the archive's identities in the place of those that are enrolled under the same names.")
    var replace = false

    @Flag(help: "Leave those that are enrolled under the same names as they are.")
    var skipExisting = false

    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        guard !(replace && skipExisting) else {
            throw ValidationError("--replace and --skip-existing contradict each other")
        }
        guard file != InputFile.standardInput else {
            throw ValidationError("an archive is read twice, so that standard input will not do: name a file")
        }
    }

    func run() async throws {
        let existing: GalleryImport.Existing = replace ? .isReplaced : skipExisting ? .isLeft : .isRefused
        let interruption = Interruption(), signals = InterruptionSignals(interruption)
        let report = try await ProgressDisplay.during("importing") { progress in
            try await GalleryImport(client: daemon.patientClient, existing: existing)
                .run(file, interruption: interruption, progress: progress)
        }
        withExtendedLifetime(signals) {}
        try daemon.output.print(report, text: report.text)
        try StandardStream.standardError.write(report.complaints)
        try Output.end(report.status)
    }
}

/// `enroll gallery backup`.
struct GalleryBackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write a copy of the gallery's database while the daemon works.",
        discussion: """
            The copy is the gallery at one moment, encrypted as it is. To restore it, stop the daemon, put the file in the place of \
            the gallery (gallery.path), readable by the daemon's user alone, and start the daemon with the same key.
            """)

    @Argument(help: "The file to make.", completion: .file())
    var file: String

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let report = try await ProgressDisplay.during("backing up") { progress in
            try await GalleryBackup(client: daemon.patientClient).write(to: file, progress: progress)
        }
        try daemon.output.print(report, text: report.text)
    }
}

/// `enroll gallery key`.
struct GalleryKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make a file with a random key to encrypt a gallery with.",
        discussion: """
            The daemon reads it as the systemd credential likeness.gallery-key or from gallery.key_file, and then the file has to be \
            its user's. Keep a copy in another place: without the key nobody can read the gallery.
            """)

    @Argument(help: "The file to make.", completion: .file())
    var file: String

    @OptionGroup var output: Output

    private struct Report: Encodable {
        let file: String
    }

    func run() async throws {
        try KeyFile.make(file)
        try output.print(
            Report(file: EscapedBytes.printable(file)),
            text: PrintableText.of(
                "a new key is in \(EscapedBytes.printable(file)); keep a copy of it in another place") + "\n")
    }
}
