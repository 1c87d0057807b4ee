// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.Audit`: tells what was done to the gallery, in pages when called with `more`.
public enum AuditMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.Audit"
    /// How many entries a page holds, and an answer when the caller neither says how many nor takes several.
    public static let pageLength = 256
    /// How many entries one answer holds at most to a caller that does not take several.
    public static let maximumEntries = 4096

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
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
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let entries: [WireAuditEntry]

        public init(entries: [WireAuditEntry]) {
            self.entries = entries
        }
    }
}
