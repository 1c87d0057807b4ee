// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonSupport
import EnrollSupport
import Foundation

/// Which daemon a command is about, and how results are printed.
struct DaemonChoice: ParsableArguments {
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
            "Whose daemon it is.",
            discussion:
                "Only a daemon of yours, root's or of the user \(TrustedUsers.serviceName) is believed, unless this names another user.",
            valueName: "user"),
        transform: TextArgument.checked)
    var daemonUser: String?

    var place: SocketChoice { get throws { try DaemonOptions.socket(option: socket, daemonUser: daemonUser) } }
}

/// The options of every command that asks the daemon.
struct DaemonOptions: ParsableArguments {
    @OptionGroup var choice: DaemonChoice

    @Option(
        help: ArgumentHelp(
            "How long to wait for an answer, or for the next of several; default: 60, and 600 for work on the whole gallery.",
            valueName: "seconds"))
    var timeout: Int?

    var output: Output { choice.output }

    /// In seconds: of times without end no clock can be asked.
    static let timeouts = 1...86_400

    func validate() throws {
        guard timeout.map(Self.timeouts.contains) ?? true else {
            throw ValidationError(
                "--timeout takes a whole number of seconds from \(Self.timeouts.lowerBound) to \(Self.timeouts.upperBound)"
            )
        }
    }

    var client: DaemonClient { get throws { try client(timeout: 60) } }

    /// For work on the whole gallery, which may take long between two answers.
    var patientClient: DaemonClient { get throws { try client(timeout: 600) } }

    private func client(timeout usual: Int) throws -> DaemonClient {
        DaemonClient(socket: try choice.place, timeout: .seconds(timeout ?? usual))
    }

    static func trusted(option: String?) throws -> TrustedUsers {
        let named = option ?? GivenProcess.environment["LIKENESS_DAEMON_USER"].flatMap { $0.isEmpty ? nil : $0 }
        return try TrustedUsers.ofProcess(named: named)
    }

    static func socket(option: String? = nil, daemonUser: String? = nil) throws -> SocketChoice {
        let environment = GivenProcess.environment, trusted = try trusted(option: daemonUser)
        let own = StandardPaths.user(environment: environment, user: geteuid())
        return SocketChoice(
            option: option, environment: environment, usersOwn: own.map { [$0.socket] + $0.furtherSockets } ?? [],
            passedOver: own?.passedOver, system: StandardPaths.system.socket, trusted: trusted
        ) { SocketChoice.isOwn($0, trusted: trusted) }
    }
}

/// How a probe is compared.
struct ProbeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The false-match rate whose threshold decides, such as 1e-3; enroll status lists those of the model.",
            valueName: "rate"))
    var fmr: Double?

    @Flag(help: "Take the largest of several faces.")
    var largest = false

    func validate() throws {
        if let fmr, !(fmr > 0 && fmr < 1) {
            throw ValidationError("--fmr takes a rate between 0 and 1, such as 1e-3")
        }
    }
}
