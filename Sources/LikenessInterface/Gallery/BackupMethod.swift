// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.Backup`: sends a copy of the database; it has to be called with `more`.
public enum BackupMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.Backup"
    /// How many bytes of the copy one reply holds at most.
    public static let maximumChunkBytes = 1 << 20

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public init() {}
    }

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
