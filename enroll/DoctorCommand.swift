// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonSupport
import EnrollSupport
import Foundation

/// Which daemon is looked at as a whole.
struct DoctorOptions: ParsableArguments {
    @OptionGroup var choice: DaemonChoice

    @Option(
        help: ArgumentHelp(
            "The configuration file that the daemon was told of; default: the usual one.", valueName: "file"),
        completion: .file())
    var config: String?

    var output: Output { choice.output }

    @Flag(help: "Look at your own daemon (likenessd --user), also where it does not run.")
    var user = false

    func target() async throws -> DoctorTarget {
        await DoctorTarget.found(
            try DoctorRequest(
                socket: choice.socket, configuration: try config.map { try PlainPath.of($0) }, isUsersOwn: user,
                own: StandardPaths.user(environment: GivenProcess.environment, user: geteuid()),
                trusted: try DaemonOptions.trusted(option: choice.daemonUser), environment: GivenProcess.environment))
    }
}

/// `enroll doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at everything that can be wrong with the daemon, and say what to do.",
        discussion: """
            Units, socket, configuration, gallery, key, models, clock, disk, database, limits: each check says ok, warning or \
            problem, problems first. What it could not look at is unknown and counts as neither: run it as root to see all. \
            Nothing is changed, and each check ends within its time. Exit status 0: nothing wrong was found; 3: warnings; 4: a problem.
            """)

    @OptionGroup var options: DoctorOptions

    func run() async throws {
        let report = await Doctor(try await options.target()).report()
        let columns = isatty(STDOUT_FILENO) == 1 ? TopScreen.size.columns : 80
        try options.output.print(report, text: report.text(columns: columns))
        try Output.end(report.status)
    }
}
