// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.VerifyAudit`: follows the chain of the audit log.
public enum VerifyAuditMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.VerifyAudit"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public init() {}
    }

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
