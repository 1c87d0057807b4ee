// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import Foundation

/// `enroll gallery check`.
struct GalleryCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read and decrypt every row of the gallery, and name what is damaged.",
        discussion: "Exit status 65: something is damaged.")

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let report = try await GalleryMaintenanceRun.check(daemon)
        try daemon.output.print(report, text: report.text)
        try StandardStream.standardError.write(report.complaints)
        try Output.end(report.status)
    }
}

/// `enroll gallery repair`.
struct GalleryRepairCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Remove what is damaged from the gallery, and only that.",
        discussion: """
            It first shows what is damaged, and asks. A backup may have it whole: what is removed here cannot be had back.
            """)

    @Flag(help: "Remove it without asking.")
    var yes = false

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        if !yes {
            let found = try await GalleryMaintenanceRun.check(daemon)
            guard found.damaged > 0 else {
                let nothing = RepairReport.nothing(rows: found.rows)
                return try daemon.output.print(nothing, text: nothing.text)
            }
            try StandardStream.standardError.write(found.text)
            try confirm()
        }
        let report = try await ProgressDisplay.during("repairing") { progress in
            try await GalleryMaintenance(client: daemon.patientClient).repair(progress: progress)
        }
        try daemon.output.print(report, text: report.text)
    }

    private func confirm() throws {
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandFailure(
                .usage, name: "Usage", message: "nobody is there to be asked; add --yes to remove what is damaged")
        }
        try StandardStream.standardError.write("remove it? [y/N] ")
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw CommandFailure(.interrupted, name: "NotConfirmed", message: "nothing is removed")
        }
    }
}

/// `enroll gallery rekey`.
struct GalleryRekeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rekey",
        abstract: "Seal the gallery under the key that the configuration names now.",
        discussion: """
            Make a key (enroll gallery key), name it in gallery.key_file and the key before in gallery.previous_key_file, restart \
            the daemon, and run this. The daemon works on meanwhile.
            """)

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let report = try await ProgressDisplay.during("sealing") { progress in
            try await GalleryMaintenance(client: daemon.patientClient).rekey(progress: progress)
        }
        try daemon.output.print(report, text: report.text)
    }
}

enum GalleryMaintenanceRun {
    static func check(_ daemon: DaemonOptions) async throws -> CheckReport {
        return try await ProgressDisplay.during("checking") { progress in
            try await GalleryMaintenance(client: daemon.patientClient).check(progress: progress)
        }
    }
}
