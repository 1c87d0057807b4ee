/// Which daemon a command talks to.
public struct SocketChoice: Sendable, Hashable {
    public let path: String
    /// Where a daemon was looked for in vain before.
    public let absent: [String]

    /// - Parameters:
    ///   - option: What the caller named on the command line.
    ///   - environment: The process's environment; `LIKENESS_SOCKET` comes after the option.
    ///   - usersOwn: The socket of this user's own daemon, where there is a place for one.
    ///   - system: The socket of the system's daemon, the last resort.
    ///   - exists: Whether there is something at a path.
    public init(
        option: String?, environment: [String: String], usersOwn: String?, system: String, exists: (String) -> Bool
    ) {
        if let option {
            self.init(path: option, absent: [])
        } else if let named = environment["LIKENESS_SOCKET"], !named.isEmpty {
            self.init(path: named, absent: [])
        } else if let usersOwn {
            self = exists(usersOwn) ? SocketChoice(path: usersOwn, absent: []) : SocketChoice(path: system, absent: [usersOwn])
        } else {
            self.init(path: system, absent: [])
        }
    }

    init(path: String, absent: [String]) {
        self.path = path
        self.absent = absent
    }
}
