// SPDX-License-Identifier: Apache-2.0

/// One comparison of a probe with an identity's reference.
public struct VerificationTrial: Sendable, Hashable {
    /// Infinite where the comparison came to none.
    public let distance: Float
    /// The identity that the probe is compared with; of pairs, what the first image belongs to.
    public let identity: Int32
    /// The row of the probe; of pairs, the number of the pair.
    public let probe: Int32
    /// Which draw of references it belongs to, from 0.
    public let draw: Int32

    package init(distance: Float, identity: Int, probe: Int, draw: Int = 0) {
        self.distance = distance.isNaN ? .infinity : distance
        self.identity = Int32(identity)
        self.probe = Int32(probe)
        self.draw = Int32(draw)
    }
}
