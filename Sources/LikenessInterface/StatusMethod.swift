// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.Status`: tells how the daemon is.
public enum StatusMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.Status"

    /// Whether the daemon takes new work.
    public enum State: String, Sendable, Hashable, Codable {
        case running
        case stopping
    }

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public init() {}
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let version: String
        public let state: State
        public let uptimeSeconds: Double
        public let models: [WireModel]
        public let identities: Int
        public let samples: Int
        public let gallery: String
        public let encrypted: Bool
        public let galleryKey: String?
        public let rotation: String?
        public let problem: String?
        public let workers: Int
        public let queueLength: Int
        public let queueLimit: Int
        public let requests: Int
        public let refusedBusy: Int
        public let residentBytes: Int
        /// Nil for a caller without the role *admin*.
        public let attempts: WireAttempts?

        private enum CodingKeys: String, CodingKey {
            case version
            case state
            case uptimeSeconds = "uptime_seconds"
            case models
            case identities
            case samples
            case gallery
            case encrypted
            case galleryKey = "gallery_key"
            case rotation
            case problem
            case workers
            case queueLength = "queue_length"
            case queueLimit = "queue_limit"
            case requests
            case refusedBusy = "refused_busy"
            case residentBytes = "resident_bytes"
            case attempts
        }

        public init(
            version: String,
            state: State,
            uptimeSeconds: Double,
            models: [WireModel],
            identities: Int,
            samples: Int,
            gallery: String,
            encrypted: Bool,
            galleryKey: String? = nil,
            rotation: String? = nil,
            problem: String? = nil,
            workers: Int,
            queueLength: Int,
            queueLimit: Int,
            requests: Int,
            refusedBusy: Int,
            residentBytes: Int,
            attempts: WireAttempts? = nil
        ) {
            self.version = version
            self.state = state
            self.uptimeSeconds = uptimeSeconds
            self.models = models
            self.identities = identities
            self.samples = samples
            self.gallery = gallery
            self.encrypted = encrypted
            self.galleryKey = galleryKey
            self.rotation = rotation
            self.problem = problem
            self.workers = workers
            self.queueLength = queueLength
            self.queueLimit = queueLimit
            self.requests = requests
            self.refusedBusy = refusedBusy
            self.residentBytes = residentBytes
            self.attempts = attempts
        }
    }
}
