// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Files
import Foundation
import LikenessInterface
import Recognition

/// The daemon's configuration as the doctor could read it.
enum ConfigurationFacts: Sendable {
    /// `isThere` is false where no file is, and the defaults hold.
    case read(DaemonConfiguration, isThere: Bool)
    case wrong([ConfigurationProblem])
    case denied
    case hangs
    /// Only a socket is known of the daemon, and not which file it reads.
    case unknown

    static func read(_ target: DoctorTarget, user: UInt32) -> ConfigurationFacts {
        guard target.arePathsKnown else { return .unknown }
        let defaults = DaemonConfiguration(paths: target.paths), path = target.configurationPath
        if target.namedConfiguration == nil {
            switch FileLook.status(path) {
            case .absent: return .read(defaults, isThere: false)
            case .denied: return .denied
            case .found, .failed: break
            }
        }
        do throws(ConfigurationProblems) {
            return .read(
                try ConfigurationFile.read(path, defaults: defaults, paths: TrustedPaths(user: user)), isThere: true)
        } catch {
            let isDenied = error.problems.contains { problem in
                if case .unreadable(_, let reason) = problem {
                    reason == String(cString: strerror(EACCES))
                } else {
                    false
                }
            }
            return isDenied ? .denied : .wrong(error.problems)
        }
    }
}

/// What a daemon said to each question, or why it did not.
struct DaemonAnswers: Sendable {
    typealias Answer<Value> = Result<Value, CommandFailure>

    var identity: Answer<DaemonIdentity>
    var status: Answer<Status.Reply>
    var metrics: Answer<Metrics.Reply>
    var rotation: Answer<RotationStatus.Reply>
    /// Nil inside where the log is empty.
    var newestEntry: Answer<WireAuditEntry?>

    /// - Parameter limit: for each question; where the first has no answer, the others are not asked.
    static func asked(of socket: SocketChoice, within limit: Duration) async -> DaemonAnswers {
        // No reply to these is near this large.
        let client = DaemonClient(socket: socket, timeout: limit, maximumReplyBytes: 8 << 20)
        func answer<Value: Sendable>(
            _ ask: @Sendable () async throws(CommandFailure) -> Value
        ) async -> Answer<Value> {
            do throws(CommandFailure) { return .success(try await ask()) } catch { return .failure(error) }
        }
        let identity = await answer { () async throws(CommandFailure) in try await DaemonIdentity.asked(of: client) }
        if case .failure(let failure) = identity {
            return DaemonAnswers(
                identity: identity, status: .failure(failure), metrics: .failure(failure), rotation: .failure(failure),
                newestEntry: .failure(failure))
        }
        async let status = answer { () async throws(CommandFailure) in try await client.call(Status()) }
        async let metrics = answer { () async throws(CommandFailure) in try await client.call(Metrics()) }
        async let rotation = answer { () async throws(CommandFailure) in try await client.call(RotationStatus()) }
        async let newest = answer { () async throws(CommandFailure) in
            try await client.call(Audit(limit: 1, newestFirst: true)).entries.first
        }
        return await DaemonAnswers(
            identity: identity, status: status, metrics: metrics, rotation: rotation, newestEntry: newest)
    }

    var isAnswering: Bool { (try? identity.get()) != nil }

    /// Why nothing can be asked, as the end of a sentence.
    var silence: DoctorText {
        if case .failure(let failure) = identity, failure.status == .noPermission {
            "this user may not connect to the daemon"
        } else {
            "the daemon does not answer"
        }
    }
}

/// A unit of systemd, as `systemctl show` tells it.
enum UnitFacts: Sendable {
    case properties([String: String])
    /// Why nothing is known, as the end of a sentence.
    case unknown(DoctorText)

    static let asked = [
        "LoadState", "UnitFileState", "ActiveState", "SubState", "Result", "ExecMainStatus", "MainPID", "NRestarts",
        "NeedDaemonReload", "LimitNOFILE", "LoadCredential", "LoadCredentialEncrypted", "Environment", "PrivateNetwork",
        "NoNewPrivileges", "ProtectSystem", "MemoryDenyWriteExecute", "RestrictAddressFamilies", "WatchdogUSec",
        "MemoryMax",
    ]

    static func read(_ unit: String, _ host: DoctorHost) -> UnitFacts {
        guard host.hasSystemd else {
            return .unknown(
                host.isContainer
                    ? "systemd does not run in this container" : "systemd does not run this host")
        }
        let outcome = host.programs.run(
            "systemctl", ["show", unit, "--no-pager", "--property=" + asked.joined(separator: ",")],
            within: host.limit)
        switch outcome {
        case .absent: return .unknown("there is no systemctl")
        case .timedOut: return .unknown("systemctl did not answer in time")
        case .ended(0, let output):
            return .properties(DoctorHost.fields(String(decoding: output, as: UTF8.self), separator: "="))
        case .ended(_, let output):
            return .unknown("systemctl says: \(String(decoding: output.prefix(200), as: UTF8.self))")
        }
    }

    subscript(_ property: String) -> String? {
        guard case .properties(let properties) = self, let value = properties[property], !value.isEmpty else {
            return nil
        }
        return value
    }
}

/// All that the checks look at that more than one of them needs.
struct DoctorFacts: Sendable {
    let host: DoctorHost
    let target: DoctorTarget
    let service: UnitFacts
    let socketUnit: UnitFacts
    let configuration: ConfigurationFacts
    let answers: DaemonAnswers
    /// Whom the daemon runs as, and who may own what decides beside root.
    let daemonUser: UInt32

    static let serviceUnit = "likenessd.service"
    static let socketUnitName = "likenessd.socket"

    /// The configuration as it is, or else as it would be without a file.
    var settings: DaemonConfiguration {
        if case .read(let configuration, _) = configuration {
            configuration
        } else {
            DaemonConfiguration(paths: target.paths)
        }
    }

    /// Whether ``settings`` are what the daemon has.
    var areSettingsKnown: Bool { if case .read = configuration { true } else { false } }

    /// Why they are not, as the end of a sentence.
    var settingsSilence: DoctorText {
        if case .unknown = configuration {
            "which configuration the daemon at this socket has is not known; --config FILE names it"
        } else {
            "the configuration could not be read"
        }
    }

    /// The daemon's process, where one is known.
    var process: Int32? {
        if let main = service["MainPID"].flatMap({ Int32($0) }), main > 0, !target.isUsersOwn { return main }
        // Where systemd holds the socket it is systemd that the kernel names.
        guard let peer = try? answers.identity.get(), peer.process > 1 else { return nil }
        return peer.process
    }

    static func gather(_ target: DoctorTarget, _ host: DoctorHost) async -> DoctorFacts {
        // Names of users can be on a server that does not answer.
        let user = await BoundedWork.onThread(within: host.limit) { daemonUser(target, host) } ?? host.user
        async let answers = BoundedWork.task(within: host.limit * 2 + .seconds(1)) {
            await DaemonAnswers.asked(of: target.socket, within: host.limit)
        }
        async let service = unit(serviceUnit, target, host)
        async let socketUnit = unit(socketUnitName, target, host)
        async let configuration = BoundedWork.onThread(within: host.limit) {
            ConfigurationFacts.read(target, user: user)
        }
        let silent = CommandFailure(.tryAgain, name: "Timeout", message: "the daemon did not answer in time")
        return await DoctorFacts(
            host: host, target: target, service: service, socketUnit: socketUnit,
            configuration: configuration ?? .hangs,
            answers: answers
                ?? DaemonAnswers(
                    identity: .failure(silent), status: .failure(silent), metrics: .failure(silent),
                    rotation: .failure(silent), newestEntry: .failure(silent)),
            daemonUser: user)
    }

    private static func unit(_ name: String, _ target: DoctorTarget, _ host: DoctorHost) async -> UnitFacts {
        guard !target.isUsersOwn else { return .unknown("this is a daemon of your own, which no unit starts") }
        return await BoundedWork.onThread(within: host.limit + .seconds(2)) { UnitFacts.read(name, host) }
            ?? .unknown("systemctl did not answer in time")
    }

    /// As `likenessd --check-config` finds it: the owner of the gallery's folder, or the user that packages make.
    private static func daemonUser(_ target: DoctorTarget, _ host: DoctorHost) -> UInt32 {
        guard !target.isUsersOwn else { return host.user }
        if let service = getpwnam(TrustedUsers.serviceName)?.pointee.pw_uid { return service }
        if case .found(let status) = FileLook.status(FilePath.folder(of: target.paths.gallery)) { return status.st_uid }
        return host.user
    }
}
