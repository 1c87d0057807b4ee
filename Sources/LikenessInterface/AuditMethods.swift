// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.Audit`: tells what was done to the gallery, in pages when called with `more`.
public struct Audit: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "Audit"
    package static let rules = MethodRules(role: .admin)

    /// How many entries a page holds, and an answer when the caller neither says how many nor takes several.
    public static let pageLength = 256
    /// How many entries one answer holds at most to a caller that does not take several.
    public static let maximumEntries = 4096

    public let after: Int?
    public let limit: Int?
    public let identity: String?
    public let newestFirst: Bool?

    private enum CodingKeys: String, CodingKey {
        case after
        case limit
        case identity
        case newestFirst = "newest_first"
    }

    public init(after: Int? = nil, limit: Int? = nil, identity: String? = nil, newestFirst: Bool? = nil) {
        self.after = after
        self.limit = limit
        self.identity = identity
        self.newestFirst = newestFirst
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let entries: [WireAuditEntry]

        public init(entries: [WireAuditEntry]) {
            self.entries = entries
        }
    }
}

/// `io.likeness.Admin.VerifyAudit`: follows the chain of the audit log.
public struct VerifyAudit: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "VerifyAudit"
    package static let rules = MethodRules(role: .admin)

    public init() {}

    package static func outcome(of reply: Reply) -> String? { reply.intact ? "intact" : "broken" }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let entries: Int
        public let first: Int
        public let last: Int
        public let intact: Bool
        public let problem: String?

        public init(entries: Int, first: Int, last: Int, intact: Bool, problem: String? = nil) {
            self.entries = entries
            self.first = first
            self.last = last
            self.intact = intact
            self.problem = problem
        }
    }
}

/// `AuditEntry` of `io.likeness.Admin`. Entries outlive the identities they speak of.
public struct WireAuditEntry: Sendable, Hashable, Codable {
    public let number: Int
    /// Seconds since 1970-01-01T00:00:00Z.
    public let time: Int
    public let action: String
    public let user: Int?
    public let process: Int?
    public let executable: String?
    /// The name; nil unless it is enrolled.
    public let identity: String?
    /// 64 lower-case hexadecimal digits, the same for the same name.
    public let identityHash: String?
    public let sample: Int?
    /// The name of the identity that a sample was moved to, nil unless it is enrolled; its hash, and the sample's
    /// number there.
    public let otherIdentity: String?
    public let otherHash: String?
    public let otherSample: Int?
    public let model: String?
    public let result: String?

    private enum CodingKeys: String, CodingKey {
        case number
        case time
        case action
        case user
        case process
        case executable
        case identity
        case identityHash = "identity_hash"
        case sample
        case otherIdentity = "other_identity"
        case otherHash = "other_hash"
        case otherSample = "other_sample"
        case model
        case result
    }

    public init(
        number: Int,
        time: Int,
        action: String,
        user: Int? = nil,
        process: Int? = nil,
        executable: String? = nil,
        identity: String? = nil,
        identityHash: String? = nil,
        sample: Int? = nil,
        otherIdentity: String? = nil,
        otherHash: String? = nil,
        otherSample: Int? = nil,
        model: String? = nil,
        result: String? = nil
    ) {
        self.number = number
        self.time = time
        self.action = action
        self.user = user
        self.process = process
        self.executable = executable
        self.identity = identity
        self.identityHash = identityHash
        self.sample = sample
        self.otherIdentity = otherIdentity
        self.otherHash = otherHash
        self.otherSample = otherSample
        self.model = model
        self.result = result
    }
}
