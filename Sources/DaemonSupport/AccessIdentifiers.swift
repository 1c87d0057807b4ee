// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The numeric users and groups that hold a role.
public struct AccessIdentifiers: Sendable, Hashable {
    public var users: Set<UInt32> = []
    public var groups: Set<UInt32> = []

    public init(users: Set<UInt32> = [], groups: Set<UInt32> = []) {
        self.users = users
        self.groups = groups
    }

    /// Looks the names up, as this host's `nsswitch.conf(5)` has it. A name that nobody has is a problem and not
    /// passed over.
    ///
    /// - Parameter setting: The setting that names them, for the problems.
    public static func resolving(
        _ names: [AccessName], setting: String
    ) -> (identifiers: AccessIdentifiers, problems: [ConfigurationProblem]) {
        var identifiers = AccessIdentifiers()
        var problems: [ConfigurationProblem] = []
        for name in names {
            switch name {
            case .user(let text):
                if let id = user(text) ?? name.id {
                    identifiers.users.insert(id)
                } else {
                    problems.append(.nobody(setting: setting, name: name))
                }
            case .group(let text):
                if let id = group(text) ?? name.id {
                    identifiers.groups.insert(id)
                } else {
                    problems.append(.nobody(setting: setting, name: name))
                }
            }
        }
        return (identifiers, problems)
    }

    private static func user(_ name: String) -> UInt32? {
        lookUp { buffer, size in
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let code = getpwnam_r(name, &entry, &buffer, size, &found)
            return (code, found == nil ? nil : entry.pw_uid)
        }
    }

    private static func group(_ name: String) -> UInt32? {
        lookUp { buffer, size in
            var entry = Foundation.group()
            var found: UnsafeMutablePointer<Foundation.group>?
            let code = getgrnam_r(name, &entry, &buffer, size, &found)
            return (code, found == nil ? nil : entry.gr_gid)
        }
    }

    /// Offers a larger buffer as long as the entry (a group's members can be many) does not fit.
    private static func lookUp(_ ask: (inout [CChar], _ size: Int) -> (code: Int32, id: UInt32?)) -> UInt32? {
        var size = 4096
        while size <= 1 << 24 {
            var buffer = [CChar](repeating: 0, count: size)
            let answer = ask(&buffer, size)
            guard answer.code == ERANGE else { return answer.id }
            size *= 4
        }
        return nil
    }
}

extension DaemonConfiguration {
    /// The users and groups of each role and grant, and the names that nobody has on this host.
    public func resolvedAccess() -> (access: ResolvedAccess, problems: [ConfigurationProblem]) {
        var problems: [ConfigurationProblem] = []
        func resolve(_ names: [AccessName], _ key: String) -> AccessIdentifiers {
            let (identifiers, unknown) = AccessIdentifiers.resolving(names, setting: "access.\(key)")
            problems += unknown
            return identifiers
        }
        let resolved = ResolvedAccess(
            verifySelf: resolve(access.verifySelf, "verify_self"), verify: resolve(access.verify, "verify"),
            enrollSelf: resolve(access.enrollSelf, "enrol_self"), enroll: resolve(access.enroll, "enrol"),
            admin: resolve(access.admin, "admin"), monitor: resolve(access.monitor, "monitor"),
            compare: resolve(access.compare, "compare"),
            score: resolve(access.score, "score"), relay: resolve(access.relay, "relay"),
            isOpenWhileEmpty: access.isOpenWhileEmpty)
        return (resolved, problems)
    }
}

/// Who has which role and grant on this host.
public struct ResolvedAccess: Sendable, Hashable {
    public let verifySelf: AccessIdentifiers
    public let verify: AccessIdentifiers
    public let enrollSelf: AccessIdentifiers
    public let enroll: AccessIdentifiers
    public let admin: AccessIdentifiers
    public let monitor: AccessIdentifiers
    public let compare: AccessIdentifiers
    public let score: AccessIdentifiers
    public let relay: AccessIdentifiers
    public let isOpenWhileEmpty: Bool
}
