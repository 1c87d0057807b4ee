// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import Foundation

/// `enroll support-report`.
struct SupportReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "support-report",
        abstract: "Pack what somebody who helps needs to know, without names, pictures or keys.",
        discussion: """
            One tar file that you alone may read: what enroll doctor finds, the configuration, versions, status, units, \
            the daemon's last journal entries, the list of models, metrics. Of each only what is known to name nobody is kept: \
            names of people and accounts, paths of this host, passwords, addresses and the words of errors stay out. \
            Look through it before you send it. Run it as root, or much of it is missing.
            """)

    @Option(
        help: ArgumentHelp(
            "The file to make; default: likeness-report-, the time and .tar, in the current folder.", valueName: "file"),
        completion: .file())
    var output: String?

    @OptionGroup var options: DoctorOptions

    func run() async throws {
        let report = await SupportReport.made(try await options.target())
        let summary = try report.write(to: output ?? Self.usualName(Date()))
        try options.output.print(summary, text: summary.text)
    }

    /// In UTC, as nothing of the host's place is told.
    private static func usualName(_ date: Date) -> String {
        let style = Date.ISO8601FormatStyle(
            dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted,
            timeZone: TimeZone(secondsFromGMT: 0) ?? .current)
        return "likeness-report-\(date.formatted(style)).tar"
    }
}
