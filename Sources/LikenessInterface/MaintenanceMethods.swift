// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.CheckGallery`: reads and decrypts every row, streaming when called with `more`.
public struct CheckGallery: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "CheckGallery"
    package static let rules = MethodRules(role: .admin)

    /// How many of the damaged parts one reply tells at most.
    public static let maximumDamage = 1000

    public init() {}

    package static func outcome(of reply: Reply) -> String? { "\(reply.damaged) damaged" }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let done: Int
        public let total: Int
        public let damaged: Int
        public let damage: [WireDamage]

        public init(done: Int, total: Int, damaged: Int, damage: [WireDamage]) {
            self.done = done
            self.total = total
            self.damaged = damaged
            self.damage = damage
        }
    }
}

/// `io.likeness.Admin.RepairGallery`: removes what is damaged, streaming when called with `more`.
public struct RepairGallery: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "RepairGallery"
    package static let rules = MethodRules(role: .admin, stop: .refuses, audit: .withTheChange)

    public init() {}

    package static func outcome(of reply: Reply) -> String? { "\(reply.removed) removed" }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let done: Int
        public let total: Int
        public let removed: Int
        public let damage: [WireDamage]

        public init(done: Int, total: Int, removed: Int, damage: [WireDamage]) {
            self.done = done
            self.total = total
            self.removed = removed
            self.damage = damage
        }
    }
}

/// `io.likeness.Admin.Backup`: sends a copy of the database; it has to be called with `more`.
public struct Backup: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "Backup"
    package static let rules = MethodRules(role: .admin, audit: .withTheChange)

    /// How many bytes of the copy one reply holds at most.
    public static let maximumChunkBytes = 1 << 20

    public init() {}

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        /// Base64.
        public let chunk: String
        public let offset: Int
        public let total: Int
        public let sha256: String?

        public init(chunk: String, offset: Int, total: Int, sha256: String? = nil) {
            self.chunk = chunk
            self.offset = offset
            self.total = total
            self.sha256 = sha256
        }
    }
}

/// `io.likeness.Admin.Rekey`: seals every row under the configured key, streaming when called with `more`.
public struct Rekey: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "Rekey"
    package static let rules = MethodRules(role: .admin, stop: .refuses, audit: .withTheChange)

    public init() {}

    package static func outcome(of reply: Reply) -> String? { "key \(reply.key)" }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let done: Int
        public let total: Int
        public let key: String

        public init(done: Int, total: Int, key: String) {
            self.done = done
            self.total = total
            self.key = key
        }
    }
}

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
