// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Wording

/// Checks, repairs and rekeys a gallery through the daemon.
public struct GalleryMaintenance: Sendable {
    private let client: DaemonClient

    public init(client: DaemonClient) {
        self.client = client
    }

    /// - Parameter progress: is told how many rows of how many are read.
    public func check(progress: (Int, Int) -> Void = { _, _ in }) async throws(CommandFailure) -> CheckReport {
        var damage = DamageList(), rows = 0, damaged = 0
        try await client.follow(CheckGallery()) { reply in
            damage.add(reply.damage)
            (rows, damaged) = (reply.done, reply.damaged)
            progress(reply.done, reply.total)
        }
        return CheckReport(rows: rows, damaged: max(damaged, damage.count), damage: damage.first)
    }

    public func repair(progress: (Int, Int) -> Void = { _, _ in }) async throws(CommandFailure) -> RepairReport {
        var damage = DamageList(), rows = 0, removed = 0
        try await client.follow(RepairGallery()) { reply in
            damage.add(reply.damage)
            (rows, removed) = (reply.done, reply.removed)
            progress(reply.done, reply.total)
        }
        return RepairReport(rows: rows, removed: max(removed, damage.count), damage: damage.first)
    }

    public func rekey(progress: (Int, Int) -> Void = { _, _ in }) async throws(CommandFailure) -> RekeyReport {
        var last: Rekey.Reply?
        try await client.follow(Rekey()) {
            reply in
            last = reply
            progress(reply.done, reply.total)
        }
        guard let last, last.done == last.total else {
            throw CommandFailure(
                .protocolError, name: "BadReply",
                message:
                    "the daemon stopped telling about the new key before every row had it; see enroll status, and run this again"
            )
        }
        return RekeyReport(rows: last.total, key: last.key)
    }
}

/// What a check found.
public struct CheckReport: Sendable, Encodable {
    public let rows: Int
    public let damaged: Int
    /// The first of it.
    public let damage: [WireDamage]

    public var status: CommandStatus { damaged == 0 ? .success : .badData }

    public var text: String {
        let rows = NumberText.count(rows, "row")
        guard damaged > 0 else { return "the gallery is whole: \(rows) read\n" }
        return "\(rows) read, \(damaged) damaged:\n" + DamageText.table(damage, count: damaged)
    }

    /// For standard error.
    public var complaints: String {
        damaged == 0
            ? ""
            : "enroll: the gallery is damaged: see that the disk is sound; then restore a backup, or remove what is damaged with enroll gallery repair\n"
    }
}

/// What a repair removed.
public struct RepairReport: Sendable, Encodable {
    public let rows: Int
    public let removed: Int
    /// The first of it.
    public let damage: [WireDamage]

    /// Where a check found everything whole.
    public static func nothing(rows: Int) -> RepairReport { RepairReport(rows: rows, removed: 0, damage: []) }

    public var text: String {
        removed == 0
            ? "the gallery is whole: there is nothing to repair\n"
            : "what was damaged is removed, \(removed) in all:\n" + DamageText.table(damage, count: removed)
    }
}

/// What a gallery is sealed with now.
public struct RekeyReport: Sendable, Encodable {
    public let rows: Int
    public let key: String

    public var text: String {
        let sealed =
            key == "none"
            ? "all \(NumberText.count(rows, "row")) are sealed with a data key that lies beside them: the gallery is not encrypted"
            : "all \(NumberText.count(rows, "row")) are sealed under the key \(key)"
        return PrintableText.of(sealed) + "\n"
            + "take gallery.previous_key_file and gallery.accept_unencrypted out of the configuration, and keep the old key for as long as there are backups under it\n"
    }
}
