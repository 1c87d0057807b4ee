import Dispatch
import Foundation
import Synchronization

/// The groups of a user, as the system's databases state them (getgrouplist(3)).
///
/// The answers are kept for a while, since a database may be at the other end of a network; so a change of
/// membership takes effect within that time, as it does at a new login elsewhere.
package final class GroupMembership: Sendable {
    private static let lifetime = Duration.seconds(60)
    /// The most users that are remembered.
    private static let capacity = 256
    /// A user in more groups, or with a longer record, has none as far as this goes.
    private static let maximumGroups = 65_536
    private static let maximumRecordBytes = 1 << 20

    private let known = Mutex<[UInt32: (groups: [UInt32], until: ContinuousClock.Instant)]>([:])

    package init() {}

    package func groups(ofUser user: UInt32) async -> [UInt32] {
        let now = ContinuousClock.now
        if let entry = known.withLock({ $0[user] }), entry.until > now { return entry.groups }
        // On a thread that may block.
        let groups = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: Self.lookUp(user)) }
        }
        known.withLock { known in
            if known.count >= Self.capacity { known = known.filter { $0.value.until > now } }
            if known.count >= Self.capacity { known.removeAll() }
            known[user] = (groups, now.advanced(by: Self.lifetime))
        }
        return groups
    }

    /// Empty for a user that the system has no name for.
    private static func lookUp(_ user: UInt32) -> [UInt32] {
        var size = 1024
        while size <= maximumRecordBytes {
            var text = [CChar](repeating: 0, count: size)
            // The account's texts lie in the buffer, so that they are used while it is held in place.
            let (code, groups) = text.withUnsafeMutableBufferPointer { buffer -> (Int32, [UInt32]) in
                guard let start = buffer.baseAddress else { return (0, []) }
                var account = passwd()
                var found: UnsafeMutablePointer<passwd>?
                let code = getpwuid_r(user, &account, start, buffer.count, &found)
                guard code == 0, found != nil, let name = account.pw_name else { return (code, []) }
                return (0, Self.groups(ofUserNamed: name, primary: account.pw_gid))
            }
            guard code == ERANGE else { return groups }
            size *= 4
        }
        return []
    }

    private static func groups(ofUserNamed name: UnsafePointer<CChar>, primary: gid_t) -> [UInt32] {
        var count: Int32 = 64
        while true {
            var groups = [gid_t](repeating: 0, count: Int(count))
            let room = count
            if getgrouplist(name, primary, &groups, &count) >= 0 { return Array(groups.prefix(Int(count))) }
            // It says how much room it needs.
            guard count > room, count <= maximumGroups else { return [] }
        }
    }
}
