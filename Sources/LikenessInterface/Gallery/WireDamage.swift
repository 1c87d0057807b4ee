// SPDX-License-Identifier: Apache-2.0

/// `Damage` of `io.likeness.Admin`: a part of the gallery that cannot be read, or is not what was written.
public struct WireDamage: Sendable, Hashable, Codable {
    /// What is damaged.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case sample
        case embedding
        case identity
        case audit
        case structure
    }

    public let kind: Kind
    public let what: String
    public let identity: String?
    public let sample: Int?

    public init(kind: Kind, what: String, identity: String? = nil, sample: Int? = nil) {
        self.kind = kind
        self.what = what
        self.identity = identity
        self.sample = sample
    }
}
