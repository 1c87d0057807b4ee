// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// Whose failed comparisons, and with whom.
public struct AttemptKey: Sendable, Hashable {
    /// The user id.
    public let caller: UInt32
    /// Nil for the caller's comparisons with anybody. A name need not be enrolled.
    public let identity: IdentityName?

    public init(caller: UInt32, identity: IdentityName?) {
        self.caller = caller
        self.identity = identity
    }
}

/// What is kept of one caller's failed comparisons.
public struct AttemptRecord: Sendable, Hashable {
    /// How many, kept to a millionth: at least 0, and fractional, since failures are forgiven gradually. What is no
    /// such number, and what is more than ``mostFailures``, is kept as ``mostFailures``.
    public var failures: Double
    /// When the last one failed; kept to the millisecond.
    public var last: Date
    /// No comparison before; kept to the millisecond.
    public var blockedUntil: Date?

    public init(failures: Double, last: Date, blockedUntil: Date? = nil) {
        self.failures = failures
        self.last = last
        self.blockedUntil = blockedUntil
    }

    public static let mostFailures = 1e9

    /// What a record that cannot be read is taken for: it blocks until it is removed.
    public static let unreadable = AttemptRecord(
        failures: mostFailures, last: .distantPast, blockedUntil: .distantFuture)
}

/// Decides what is kept of a caller's failed comparisons with an identity that takes over a sample of another.
///
/// - Parameters:
///   - caller: the user id.
///   - left: what is kept with the identity that the sample is of, where it stays.
///   - found: what is kept with the identity that it goes to; nil for nothing.
///   - isMade: whether the move makes that one.
/// - Returns: what is to be kept with it; nil for what is kept already.
/// - Throws: ``GalleryError/bringsLockOut(_:to:seconds:)`` where the sample is not to be moved.
public typealias CarriedAttempts =
    @Sendable (_ caller: UInt32, _ left: AttemptRecord, _ found: AttemptRecord?, _ isMade: Bool)
    throws(GalleryError) -> AttemptRecord?

/// A record of failed comparisons as an administrator sees it.
public struct StoredAttempts: Sendable, Hashable {
    public let caller: UInt32
    /// The keyed hash of the identity's name, as in the audit log; nil for the caller's comparisons with anybody.
    public let nameHash: [UInt8]?
    /// The identity's name, while it is enrolled.
    public let identity: IdentityName?
    /// ``AttemptRecord/unreadable`` where it was changed by somebody else, or is damaged.
    public let record: AttemptRecord

    public init(caller: UInt32, nameHash: [UInt8]?, identity: IdentityName?, record: AttemptRecord) {
        self.caller = caller
        self.nameHash = nameHash
        self.identity = identity
        self.record = record
    }
}
