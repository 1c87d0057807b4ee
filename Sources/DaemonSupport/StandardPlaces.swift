import Foundation

/// Where a daemon keeps its things when its configuration does not say.
public struct StandardPlaces: Sendable, Hashable {
    /// Whether these are one user's own, and not the system's.
    public let isUsersOwn: Bool
    public let socket: String
    public let gallery: String
    public let models: String
    /// The configuration file that is read when none is named, if it exists.
    public let configuration: String

    /// `/run`, `/var/lib` and `/etc`.
    public static let system = StandardPlaces(
        isUsersOwn: false,
        socket: "/run/likeness/likeness.sock",
        gallery: "/var/lib/likeness/gallery.sqlite",
        models: "/var/lib/likeness/models",
        configuration: "/etc/likeness/likenessd.toml")

    /// One user's places, as the XDG base directory specification (0.8) puts them. A variable that holds no
    /// absolute path is ignored, as the specification asks.
    ///
    /// - Parameters:
    ///   - environment: The process's environment.
    ///   - user: The numeric user.
    /// - Returns: nil when neither `HOME` nor `XDG_DATA_HOME` tells where the user's files are.
    public static func user(environment: [String: String], user: UInt32) -> StandardPlaces? {
        func absolute(_ variable: String) -> String? {
            environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let home = absolute("HOME")
        guard let data = absolute("XDG_DATA_HOME") ?? home.map({ $0 + "/.local/share" }),
              let settings = absolute("XDG_CONFIG_HOME") ?? home.map({ $0 + "/.config" }) ?? absolute("XDG_DATA_HOME")
        else { return nil }
        let run = absolute("XDG_RUNTIME_DIR").map { $0 + "/likeness" } ?? "/tmp/likeness-\(user)"
        return StandardPlaces(
            isUsersOwn: true,
            socket: run + "/likeness.sock",
            gallery: data + "/likeness/gallery.sqlite",
            models: data + "/likeness/models",
            configuration: settings + "/likeness/likenessd.toml")
    }

    private init(isUsersOwn: Bool, socket: String, gallery: String, models: String, configuration: String) {
        self.isUsersOwn = isUsersOwn
        self.socket = socket
        self.gallery = gallery
        self.models = models
        self.configuration = configuration
    }
}
