// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `io.likeness.Admin.Status`: tells how the daemon is.
public struct Status: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "Status"
    /// Everyone who may call the daemon may ask for its status.
    package static let rules = MethodRules(role: .verify, isLogged: false)

    /// Whether the daemon takes new work.
    public enum State: String, Sendable, Hashable, Codable {
        case running
        case stopping
    }

    public init() {}

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let version: String
        public let state: State
        public let uptimeSeconds: Double
        public let models: [WireModel]
        /// Name and version of the network that covered faces are measured by; nil where that is not done.
        public let faceCover: String?
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
        /// Nil where pictures are decoded by the daemon itself, or where it is of an earlier version.
        public let decodersEnded: Int?
        /// Nil for a caller without the role *admin*.
        public let attempts: WireAttempts?

        private enum CodingKeys: String, CodingKey {
            case version
            case state
            case uptimeSeconds = "uptime_seconds"
            case models
            case faceCover = "face_cover"
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
            case decodersEnded = "decoders_ended"
            case attempts
        }

        public init(
            version: String,
            state: State,
            uptimeSeconds: Double,
            models: [WireModel],
            faceCover: String? = nil,
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
            decodersEnded: Int? = nil,
            attempts: WireAttempts? = nil
        ) {
            self.version = version
            self.state = state
            self.uptimeSeconds = uptimeSeconds
            self.models = models
            self.faceCover = faceCover
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
            self.decodersEnded = decodersEnded
            self.attempts = attempts
        }
    }
}

/// `io.likeness.Admin.ListModels`: the models that the daemon has loaded.
public struct ListModels: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "ListModels"
    package static let rules = MethodRules(role: .admin, isLogged: false)

    public init() {}

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let models: [WireModel]

        public init(models: [WireModel]) {
            self.models = models
        }
    }
}

/// `OperatingPoint` of `io.likeness.Admin`. Rates and thresholds are in [0, 1].
public struct WireOperatingPoint: Sendable, Hashable, Codable {
    public let falseMatchRate: Double
    /// Nil for a caller without the grant *score*.
    public let threshold: Double?
    public let upperBound: Double
    /// The share of skilled forgeries that match; nil where none were measured.
    public let skilledFalseMatchRate: Double?

    private enum CodingKeys: String, CodingKey {
        case falseMatchRate = "false_match_rate"
        case threshold
        case upperBound = "upper_bound"
        case skilledFalseMatchRate = "skilled_false_match_rate"
    }

    public init(falseMatchRate: Double, threshold: Double?, upperBound: Double, skilledFalseMatchRate: Double? = nil) {
        self.falseMatchRate = falseMatchRate
        self.threshold = threshold
        self.upperBound = upperBound
        self.skilledFalseMatchRate = skilledFalseMatchRate
    }
}

/// `Model` of `io.likeness.Admin`.
public struct WireModel: Sendable, Hashable, Codable {
    public let digest: String
    public let name: String
    public let version: String
    public let modality: Modality
    public let embeddingSize: Int
    public let calibrationSet: String
    public let operatingPoints: [WireOperatingPoint]
    /// The false-match rate of the point that decides when a caller names none; nil where nothing is decided by the
    /// model.
    public let operatingPoint: Double?

    private enum CodingKeys: String, CodingKey {
        case digest
        case name
        case version
        case modality
        case embeddingSize = "embedding_size"
        case calibrationSet = "calibration_set"
        case operatingPoints = "operating_points"
        case operatingPoint = "operating_point"
    }

    public init(
        digest: String,
        name: String,
        version: String,
        modality: Modality,
        embeddingSize: Int,
        calibrationSet: String,
        operatingPoints: [WireOperatingPoint],
        operatingPoint: Double? = nil
    ) {
        self.digest = digest
        self.name = name
        self.version = version
        self.modality = modality
        self.embeddingSize = embeddingSize
        self.calibrationSet = calibrationSet
        self.operatingPoints = operatingPoints
        self.operatingPoint = operatingPoint
    }
}

/// `io.likeness.Admin.Unlock`: lifts lock-outs and forgets failed comparisons.
public struct Unlock: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "Unlock"
    package static let rules = MethodRules(role: .admin, stop: .refuses, audit: .withTheChange)

    /// The number of the user whose failures are forgotten; nil for everybody's.
    public let user: Int?
    /// The identity with which they failed; nil for those with any, and in total.
    public let identity: String?

    public init(user: Int? = nil, identity: String? = nil) {
        self.user = user
        self.identity = identity
    }

    package var subject: String? { identity }
    package static func outcome(of reply: Reply) -> String? { "\(reply.removed) removed" }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        /// How many records of failures there were.
        public let removed: Int

        public init(removed: Int) {
            self.removed = removed
        }
    }
}

/// `Attempts` of `io.likeness.Admin`: how failed comparisons are limited, and who is locked out.
public struct WireAttempts: Sendable, Hashable, Codable {
    /// How many lock-outs a reply holds at most.
    public static let maximumLocked = 100

    /// Failed comparisons with one identity, and with all, after which a caller is locked out.
    public let perIdentity: Int
    public let perCaller: Int
    public let lockSeconds: Int
    /// Callers, by identity and in total, of whom a failure is remembered, and how many of these are locked out.
    public let failing: Int
    public let lockedOut: Int
    /// The first of them.
    public let locked: [WireLockOut]

    private enum CodingKeys: String, CodingKey {
        case perIdentity = "per_identity"
        case perCaller = "per_caller"
        case lockSeconds = "lock_seconds"
        case failing
        case lockedOut = "locked_out"
        case locked
    }

    public init(perIdentity: Int, perCaller: Int, lockSeconds: Int, failing: Int, lockedOut: Int, locked: [WireLockOut])
    {
        self.perIdentity = perIdentity
        self.perCaller = perCaller
        self.lockSeconds = lockSeconds
        self.failing = failing
        self.lockedOut = lockedOut
        self.locked = locked
    }
}

/// `LockOut` of `io.likeness.Admin`: a caller who may not compare with an identity, or with anybody.
public struct WireLockOut: Sendable, Hashable, Codable {
    /// The caller's user, by number.
    public let user: Int
    /// The identity, while it is enrolled.
    public let identity: String?
    /// The keyed hash of the name, as the audit log has it; nil where the caller may compare with nobody.
    public let identityHash: String?
    public let failures: Int
    /// Seconds since 1970-01-01T00:00:00Z.
    public let until: Int

    private enum CodingKeys: String, CodingKey {
        case user
        case identity
        case identityHash = "identity_hash"
        case failures
        case until
    }

    public init(user: Int, identity: String?, identityHash: String?, failures: Int, until: Int) {
        self.user = user
        self.identity = identity
        self.identityHash = identityHash
        self.failures = failures
        self.until = until
    }
}
