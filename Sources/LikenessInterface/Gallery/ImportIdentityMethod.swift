// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.ImportIdentity`: enrols an exported identity.
public enum ImportIdentityMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.ImportIdentity"
    /// When something can have been enrolled: seconds since 1970, from the year 1 to the end of the year 9999. A clock
    /// can be wrong, and what was enrolled by it is exported all the same.
    public static let times = -62_135_596_800...253_402_300_799

    /// What became of the identity.
    public enum Result: String, Sendable, Hashable, Codable, CaseIterable {
        case imported
        case replaced
        case skipped
    }

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public let identity: WireExportedIdentity
        public let replace: Bool?
        public let skipExisting: Bool?

        private enum CodingKeys: String, CodingKey {
            case identity
            case replace
            case skipExisting = "skip_existing"
        }

        public init(identity: WireExportedIdentity, replace: Bool? = nil, skipExisting: Bool? = nil) {
            self.identity = identity
            self.replace = replace
            self.skipExisting = skipExisting
        }
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let result: Result
        public let reembedded: Int

        public init(result: Result, reembedded: Int) {
            self.result = result
            self.reembedded = reembedded
        }
    }
}
