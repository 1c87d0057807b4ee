// SPDX-License-Identifier: Apache-2.0

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
        self.model = model
        self.result = result
    }
}
