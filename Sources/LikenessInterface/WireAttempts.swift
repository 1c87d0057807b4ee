// SPDX-License-Identifier: Apache-2.0

/// `Attempts` of `io.likeness.Admin`: how failed comparisons are limited, and who is locked out.
public struct WireAttempts: Sendable, Hashable, Codable {
    /// How many lock-outs a reply holds at most.
    public static let maximumLocked = 100

    /// Failed comparisons with one identity, and with all, after which a caller is locked out.
    public let perIdentity: Int
    public let perCaller: Int
    public let lockSeconds: Int
    /// Callers, by identity and in total, of whom a failure is remembered, and how many of these are locked out.
    public let failing: Int
    public let lockedOut: Int
    /// The first of them.
    public let locked: [WireLockOut]

    private enum CodingKeys: String, CodingKey {
        case perIdentity = "per_identity"
        case perCaller = "per_caller"
        case lockSeconds = "lock_seconds"
        case failing
        case lockedOut = "locked_out"
        case locked
    }

    public init(perIdentity: Int, perCaller: Int, lockSeconds: Int, failing: Int, lockedOut: Int, locked: [WireLockOut])
    {
        self.perIdentity = perIdentity
        self.perCaller = perCaller
        self.lockSeconds = lockSeconds
        self.failing = failing
        self.lockedOut = lockedOut
        self.locked = locked
    }
}

/// `LockOut` of `io.likeness.Admin`: a caller who may not compare with an identity, or with anybody.
public struct WireLockOut: Sendable, Hashable, Codable {
    /// The caller's user, by number.
    public let user: Int
    /// The identity, while it is enrolled.
    public let identity: String?
    /// The keyed hash of the name, as the audit log has it; nil where the caller may compare with nobody.
    public let identityHash: String?
    public let failures: Int
    /// Seconds since 1970-01-01T00:00:00Z.
    public let until: Int

    private enum CodingKeys: String, CodingKey {
        case user
        case identity
        case identityHash = "identity_hash"
        case failures
        case until
    }

    public init(user: Int, identity: String?, identityHash: String?, failures: Int, until: Int) {
        self.user = user
        self.identity = identity
        self.identityHash = identityHash
        self.failures = failures
        self.until = until
    }
}
