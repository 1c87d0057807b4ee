// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Wording

/// Failed comparisons and lock-outs in words.
public enum LockOutText {
    public static func unlocked(_ reply: Unlock.Reply) -> String {
        reply.removed == 0
            ? "no failed comparison was remembered; nothing has changed\n"
            : "\(NumberText.count(reply.removed, "count", "counts")) of failures \(reply.removed == 1 ? "is" : "are") cleared\n"
    }

    static func limits(_ attempts: WireAttempts) -> String {
        "after \(attempts.perIdentity) failed comparisons with one identity, or \(attempts.perCaller) with all, "
            + "a caller is locked out for \(NumberText.duration(seconds: Double(attempts.lockSeconds)))"
    }

    /// Who is locked out, and from whom.
    static func lockOuts(_ attempts: WireAttempts, times: LocalTime) -> String {
        guard !attempts.locked.isEmpty else { return "" }
        let rows = attempts.locked.map { lock in
            [
                "\(lock.user)",
                lock.identity ?? lock.identityHash.map { "not enrolled (\(IdentityText.shortDigest($0)))" }
                    ?? "everybody",
                "\(lock.failures)", times.text(lock.until),
            ]
        }
        let rest = attempts.lockedOut - attempts.locked.count
        return "\nlocked out; enroll unlock lifts it\n"
            + TextTable(columns: [.init("USER"), .init("FROM"), .init("FAILED"), .init("UNTIL")], rows: rows).text
            .split(separator: "\n").map { "  \($0)\n" }.joined()
            + (rest > 0 ? "  and \(rest) more\n" : "")
    }
}
