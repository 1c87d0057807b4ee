// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What this host's `nsswitch.conf(5)` knows of users and groups.
package enum UserNames {
    struct User: Sendable {
        let name: String
        let group: UInt32
    }

    package struct Group: Sendable {
        package let name: String
        package let members: [String]
    }

    static func user(_ id: UInt32) -> User? {
        lookUp { buffer, size in
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let code = getpwuid_r(id, &entry, &buffer, size, &found)
            return (code, found == nil ? nil : User(name: String(cString: entry.pw_name), group: entry.pw_gid))
        }
    }

    package static func group(_ id: UInt32) -> Group? {
        lookUp { buffer, size in
            var entry = Foundation.group()
            var found: UnsafeMutablePointer<Foundation.group>?
            let code = getgrgid_r(id, &entry, &buffer, size, &found)
            guard found != nil else { return (code, nil) }
            var members: [String] = []
            var member = entry.gr_mem
            while let name = member?.pointee {
                members.append(String(cString: name))
                member = member?.successor()
            }
            return (code, Group(name: String(cString: entry.gr_name), members: members))
        }
    }

    package static func group(ofUser id: UInt32) -> UInt32? { user(id)?.group }
    package static func name(ofUser id: UInt32) -> String? { user(id)?.name }
    package static func description(ofUser id: UInt32) -> String { user(id).map { "\($0.name) (\(id))" } ?? "\(id)" }
    package static func description(ofGroup id: UInt32) -> String { group(id).map { "\($0.name) (\(id))" } ?? "\(id)" }

    /// Whether a group is one that a system gives each user for himself: his first, of his name, without other members.
    static func isOwn(group id: UInt32, of owner: UInt32) -> Bool {
        guard let user = user(owner), user.group == id, let group = group(id) else { return false }
        return group.name == user.name && group.members.allSatisfy { $0 == user.name }
    }

    /// Offers a larger buffer as long as the entry (a group's members can be many) does not fit.
    private static func lookUp<Entry>(_ ask: (inout [CChar], _ size: Int) -> (code: Int32, entry: Entry?)) -> Entry? {
        var size = 4096
        while size <= 1 << 24 {
            var buffer = [CChar](repeating: 0, count: size)
            let answer = ask(&buffer, size)
            guard answer.code == ERANGE else { return answer.entry }
            size *= 4
        }
        return nil
    }
}
