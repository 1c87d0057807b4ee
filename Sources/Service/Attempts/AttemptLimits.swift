// SPDX-License-Identifier: Apache-2.0

/// How often a caller without the grant `score` may fail a comparison.
public struct AttemptLimits: Sendable, Hashable {
    /// Failed comparisons with one identity, one after the other, after which no further one is made; at least 1.
    public var perIdentity = 5
    /// The same over all identities; at least 1. One is forgiven each time this part of the lock-out's time has passed.
    public var perCaller = 25
    /// How long a lock-out lasts, and after how long without a failure those with an identity are forgotten; in
    /// seconds, above 0.
    public var lockSeconds = 86_400.0
    /// The first delay after failures, in seconds, which doubles with each further one; 0 for none.
    public var delaySeconds = 1.0
    /// Pictures that a caller may have looked at in a minute, whatever comes of them; at least 1. Where every face of a
    /// picture is asked for, each counts as a picture.
    public var perMinute = 30

    public init() {}
}
