// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonSupport
import Foundation
import LikenessInterface
import Logging
import Monitoring
import NeuralNet

/// The daemon `likenessd`.
@main
struct LikenessDaemon: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "likenessd",
        abstract:
            "Keeps a gallery of enrolled people and answers on a Unix socket whether a face or a signature is theirs.",
        discussion: """
            It runs until SIGTERM or SIGINT, and then finishes what it has accepted. On SIGHUP it reads its configuration and the models again. The socket is the one that \
            systemd hands over, or else the one that the configuration names. The command “enroll” talks to it.

            Exit status:
            \(ExitStatus.table)
            """,
        version: LikenessVersion.current)

    @Option(
        help: ArgumentHelp(
            "The configuration file; without it /etc/likeness/likenessd.toml, or with --user ~/.config/likeness/likenessd.toml, if it is there.",
            valueName: "file"), completion: .file())
    var config: String?

    @Flag(
        help:
            "Be this user's own daemon: the socket in $XDG_RUNTIME_DIR or $XDG_STATE_HOME, the gallery in $XDG_DATA_HOME."
    )
    var user = false

    @Flag(
        help:
            "Tell what is wrong with the configuration, what it names and who may change that, and end without starting."
    )
    var checkConfig = false

    func run() async throws {
        BLAS.restartWithVectorKernels()
        // A caller that goes away while it is answered is that connection's end, not ours.
        signal(SIGPIPE, SIG_IGN)
        let settings: DaemonSettings
        let readAgain: @Sendable () throws -> DaemonSettings = { [config, user] in
            try DaemonSettings.read(
                named: config, usersOwn: user, environment: ProcessInfo.processInfo.environment)
        }
        do {
            settings = try readAgain()
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            guard !checkConfig else { throw ExitCode(ExitStatus.of(error).rawValue) }
            throw Self.end(error)
        }
        if checkConfig {
            let status = ConfigurationCheck(settings: settings, usersOwn: user).report()
            guard status == .stopped else { throw ExitCode(status.rawValue) }
            return
        }
        let level = LogLevel(settings.configuration.log.loggerLevel)
        let logger = Logger(label: "likenessd") { label in
            settings.configuration.log.handler(
                label: label, environment: ProcessInfo.processInfo.environment, level: level,
                messageID: JournalEvent.messageID(in:))
        }
        if let passedOver = settings.passedOver {
            logger.warning("\(passedOver); the socket is \(settings.configuration.socket.path)")
        }
        do {
            try await DaemonRun(settings: settings, readAgain: readAgain, logger: logger, logLevel: level).run()
        } catch {
            logger.critical("\(error)", metadata: JournalEvent.startFailed.metadata)
            throw Self.end(error)
        }
    }

    /// What the process ends with, once the service manager and whoever waits at the socket know.
    private static func end(_ error: any Error) -> ExitCode {
        ServiceManager.notify(.status("\(error)"))
        let status = ExitStatus.of(error)
        if status.isFinal { SocketActivation.turnAway() }
        return ExitCode(status.rawValue)
    }
}
