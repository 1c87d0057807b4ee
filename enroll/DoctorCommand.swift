// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonSupport
import EnrollSupport
import Foundation

/// Which daemon is looked at as a whole.
struct DoctorOptions: ParsableArguments {
    @OptionGroup var output: Output

    @Option(
        help: ArgumentHelp(
            "The daemon's socket.",
            discussion: "Without it: LIKENESS_SOCKET, else that of your own daemon if there is one, else the system's.",
            valueName: "path"),
        completion: .file())
    var socket: String?

    @Option(
        help: ArgumentHelp(
            "The configuration file that the daemon was told of; default: the usual one.", valueName: "file"),
        completion: .file())
    var config: String?

    @Option(
        help: ArgumentHelp("Whose daemon it is, if it is another's than yours or the system's.", valueName: "user"),
        transform: TextArgument.checked)
    var daemonUser: String?

    var target: DoctorTarget {
        get throws {
            DoctorTarget(
                socket: try DaemonOptions.socket(option: socket, daemonUser: daemonUser),
                own: StandardPaths.user(environment: GivenProcess.environment, user: geteuid()),
                configuration: try config.map { try PlainPath.of($0) })
        }
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
        let report = await Doctor(try options.target).report()
        let columns = isatty(STDOUT_FILENO) == 1 ? TopScreen.size.columns : 80
        try options.output.print(report, text: report.text(columns: columns))
        try Output.end(report.status)
    }
}
