// SPDX-License-Identifier: Apache-2.0

/// Where a daemon keeps its things when its configuration does not say.
public struct StandardPaths: Sendable, Hashable {
    /// Whether these are one user's own, and not the system's.
    public let isUsersOwn: Bool
    public let socket: String
    /// Where the socket is of a daemon that was started with another environment, by cron or in a login's session, say.
    public let furtherSockets: [String]
    /// Why the folder that the environment names for sockets is not used; nil where it is, or where none is named.
    public let passedOver: PassedOver?
    public let gallery: String
    public let models: String
    /// The configuration file that is read when none is named, if it exists.
    public let configuration: String

    /// `/run`, `/var/lib` and `/etc`.
    public static let system = StandardPaths(
        isUsersOwn: false,
        socket: "/run/likeness/likeness.sock",
        gallery: "/var/lib/likeness/gallery.sqlite",
        models: "/var/lib/likeness/models",
        configuration: "/etc/likeness/likenessd.toml")

    /// One user's places, as the XDG base directory specification (0.8) puts them. A variable that holds no
    /// absolute path is ignored, as the specification asks, and so is an `XDG_RUNTIME_DIR` that is another's or that
    /// others can look into. Without that one the socket lies in the folder of the user's state: there is no folder
    /// besides, such as `/tmp`, that others could have made before.
    ///
    /// - Parameters:
    ///   - environment: The process's environment.
    ///   - user: The numeric user.
    ///   - isPrivate: Whether a folder is this user's alone, or may still be made by him.
    /// - Returns: nil when neither `HOME` nor `XDG_DATA_HOME` tells where the user's files are.
    public static func user(
        environment: [String: String], user: UInt32,
        isPrivate: (_ folder: String, _ user: UInt32) -> Bool = PrivateFolder.isUsable
    ) -> StandardPaths? {
        func absolute(_ variable: String) -> String? {
            environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let home = absolute("HOME")
        guard let data = absolute("XDG_DATA_HOME") ?? home.map({ $0 + "/.local/share" }),
            let settings = absolute("XDG_CONFIG_HOME") ?? home.map({ $0 + "/.config" }) ?? absolute("XDG_DATA_HOME")
        else { return nil }
        let state = absolute("XDG_STATE_HOME") ?? home.map { $0 + "/.local/state" } ?? data
        let named = absolute("XDG_RUNTIME_DIR"), runtime = named.flatMap { isPrivate($0, user) ? $0 : nil }
        let usual = "/run/user/\(user)"
        func socket(_ folder: String) -> String { folder + "/likeness/likeness.sock" }
        return StandardPaths(
            isUsersOwn: true,
            socket: socket(runtime ?? state),
            furtherSockets: (runtime == nil ? [usual] : runtime == usual ? [state] : [state, usual]).map(socket),
            passedOver: runtime == nil ? named.map { PassedOver(folder: $0, user: user) } : nil,
            gallery: data + "/likeness/gallery.sqlite",
            models: data + "/likeness/models",
            configuration: settings + "/likeness/likenessd.toml")
    }

    /// A folder for sockets that is not a user's alone.
    public struct PassedOver: Sendable, Hashable, CustomStringConvertible {
        public let folder: String
        let user: UInt32

        /// Whether it is the user's own, and its mode alone is in the way.
        public var canBeMended: Bool {
            if case .openToOthers = PrivateFolder.problem(with: folder, of: user) { true } else { false }
        }

        /// As it is now.
        public var description: String {
            let problem = PrivateFolder.problem(with: folder, of: user).map { "\($0)" }
            return "XDG_RUNTIME_DIR is passed over: \(problem ?? "the folder \(folder) was not this user's alone")"
        }
    }

    private init(
        isUsersOwn: Bool, socket: String, furtherSockets: [String] = [], passedOver: PassedOver? = nil, gallery: String,
        models: String,
        configuration: String
    ) {
        self.isUsersOwn = isUsersOwn
        self.socket = socket
        self.furtherSockets = furtherSockets
        self.passedOver = passedOver
        self.gallery = gallery
        self.models = models
        self.configuration = configuration
    }
}
