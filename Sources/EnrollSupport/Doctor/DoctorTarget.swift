// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Files
import Foundation

/// What the caller said of the daemon that is to be looked at.
public struct DoctorRequest: Sendable {
    let socket: String?
    let environmentSocket: String?
    let configuration: String?
    let isUsersOwn: Bool
    let own: StandardPaths?
    let trusted: TrustedUsers

    /// - Parameters:
    ///   - socket: the socket that was named on the command line.
    ///   - configuration: the file that the daemon was told of with `--config`.
    ///   - isUsersOwn: whether the caller's own daemon was asked for.
    ///   - own: where the caller's own daemon has its things, where that is known.
    ///   - environment: the process's; `LIKENESS_SOCKET` comes after what was named.
    public init(
        socket: String?, configuration: String?, isUsersOwn: Bool, own: StandardPaths?, trusted: TrustedUsers,
        environment: [String: String]
    ) throws(CommandFailure) {
        guard own != nil || !isUsersOwn else {
            throw CommandFailure(
                .usage, name: "Usage",
                message:
                    "neither HOME nor XDG_DATA_HOME says where this user's files are; set one to an absolute path")
        }
        self.socket = socket
        environmentSocket = environment["LIKENESS_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        self.configuration = configuration
        self.isUsersOwn = isUsersOwn
        self.own = own
        self.trusted = trusted
    }
}

/// Which daemon the doctor looks at.
public struct DoctorTarget: Sendable {
    public let socket: SocketChoice
    /// The standard places of the system's daemon, or of the caller's own.
    let paths: StandardPaths
    /// The configuration file that was named; nil for the usual one.
    let namedConfiguration: String?
    /// Whether the configuration and the places are the daemon's: not where only a socket is known of it.
    let arePathsKnown: Bool
    /// Where the caller's own daemon was not looked for, though the environment says so.
    let passedOver: StandardPaths.PassedOver?

    package var isUsersOwn: Bool { paths.isUsersOwn }
    var configurationPath: String { namedConfiguration ?? paths.configuration }

    /// The daemon that is meant, also one that does not run.
    public static func found(_ request: DoctorRequest) async -> DoctorTarget { await found(request, DoctorHost()) }

    package static func found(_ request: DoctorRequest, _ host: DoctorHost) async -> DoctorTarget {
        await BoundedWork.onThread(within: host.limit) { DoctorTarget(request, host) } ?? DoctorTarget(blindly: request)
    }

    /// Without a look at any file, as one of them hangs.
    private init(blindly request: DoctorRequest) {
        paths = request.isUsersOwn ? request.own ?? .system : .system
        namedConfiguration = request.configuration
        socket = SocketChoice(
            path: request.socket ?? request.environmentSocket ?? paths.socket, trusted: request.trusted)
        arePathsKnown = request.isUsersOwn || request.configuration != nil || socket.path == paths.socket
        passedOver = nil
    }

    private init(_ request: DoctorRequest, _ host: DoctorHost) {
        let own = request.own, system = StandardPaths.system
        let ownSockets = own.map { [$0.socket] + $0.furtherSockets } ?? []
        let present = ownSockets.first { SocketChoice.isOwn($0, trusted: request.trusted) }
        let stated = request.configuration.flatMap { Self.statedSocket($0) }
        let ownStated = own.flatMap { Self.statedSocket($0.configuration) }
        let named = request.socket ?? stated ?? (request.isUsersOwn ? nil : request.environmentSocket)
        let isAlone = own.map { !Self.isInstalled(on: host) && Self.isUsed($0) } ?? false
        let isOwn =
            if request.isUsersOwn {
                true
            } else if let named {
                named != system.socket
                    && (ownSockets.contains(named) || named == ownStated || isAlone
                        || Self.belongs(named, to: host.user))
            } else if request.configuration == system.configuration {
                false
            } else {
                present != nil || isAlone
            }
        paths = isOwn ? own ?? system : system
        namedConfiguration = request.configuration
        if let named {
            socket = SocketChoice(path: named, trusted: request.trusted)
        } else if isOwn, let own {
            let other = request.configuration == nil ? ownStated : nil
            socket = SocketChoice(path: other ?? present ?? own.socket, trusted: request.trusted)
        } else {
            let other = FileLook.exists(system.socket) ? nil : Self.statedSocket(system.configuration)
            // None of the caller's own is there.
            socket = SocketChoice(
                option: nil, environment: [:], usersOwn: present == nil ? ownSockets : [],
                system: other ?? system.socket, trusted: request.trusted
            ) { _ in false }
        }
        let isUsual =
            isOwn
            ? ownSockets.contains(socket.path) || socket.path == ownStated
            : socket.path == system.socket || socket.path == Self.statedSocket(system.configuration)
        arePathsKnown = request.isUsersOwn || request.configuration != nil || isUsual
        passedOver = named == nil ? own?.passedOver : nil
    }

    /// The socket that a configuration file names, whatever else is wrong with it.
    private static func statedSocket(_ path: String) -> String? {
        guard let text = FileLook.text(path, atMost: 1 << 20) else { return nil }
        let standard = DaemonConfiguration(paths: .system)
        let stated = ConfigurationFile.parse(text, defaults: standard).configuration.socket.path
        return stated == standard.socket.path ? nil : stated
    }

    /// Whether anything of the system's daemon is on the host.
    private static func isInstalled(on host: DoctorHost) -> Bool {
        let units = ["/etc", "/run", "/usr/lib", "/lib"].flatMap { folder in
            [DoctorFacts.serviceUnit, DoctorFacts.socketUnitName].map { "\(folder)/systemd/system/\($0)" }
        }
        let things = [FilePath.folder(of: StandardPaths.system.configuration), StandardPaths.system.socket] + units
        return things.contains { path in
            if case .absent = FileLook.status(host.root + path) { false } else { true }
        }
    }

    /// Whether a user has had a daemon of his own, or a configuration for one.
    private static func isUsed(_ own: StandardPaths) -> Bool {
        FileLook.exists(FilePath.folder(of: own.gallery)) || FileLook.exists(own.configuration)
    }

    /// Of root's sockets nobody can tell: systemd's are root's.
    private static func belongs(_ socket: String, to user: UInt32) -> Bool {
        guard user != 0, case .found(let status) = FileLook.status(socket) else { return false }
        return status.st_uid == user && status.st_mode & S_IFMT == S_IFSOCK
    }
}

/// What to type, which is not the same for the system's daemon and for one's own.
extension DoctorTarget {
    private var ownStart: DoctorText {
        namedConfiguration.map { "likenessd --user --config \(shell: $0)" } ?? "likenessd --user"
    }

    var start: DoctorText { isUsersOwn ? "start your daemon: " + ownStart : "systemctl start likenessd.socket" }

    var reload: DoctorText {
        isUsersOwn ? "pkill -HUP -u \"$(id -u)\" -x likenessd" : "systemctl reload likenessd"
    }

    var restart: DoctorText {
        isUsersOwn
            ? "pkill -u \"$(id -u)\" -x likenessd, and start it again: " + ownStart : "systemctl restart likenessd"
    }

    /// Where the daemon says more.
    var journal: DoctorText {
        isUsersOwn ? "see what your daemon printed where it was started" : "journalctl -u likenessd -n 50"
    }
}
