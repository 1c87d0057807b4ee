// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `io.likeness.Verification.EnrollSamples`: adds several samples to an identity in one step.
public struct EnrollSamples: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "EnrollSamples"
    package static let rules = MethodRules(role: .enrollSelf, stop: .refuses, audit: .withTheChange)

    /// How many samples one call may add.
    public static let limits = 1...5

    public let identity: String
    /// Image files in base64.
    public let images: [String]
    public let modality: Modality?
    public let largest: Bool?

    public init(identity: String, images: [String], modality: Modality? = nil, largest: Bool? = nil) {
        self.identity = identity
        self.images = images
        self.modality = modality
        self.largest = largest
    }

    package var subject: String? { identity }
    package static func outcome(of reply: Reply) -> String? { "\(reply.enrolled.count) enrolled" }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let identity: String
        /// In the order of the images.
        public let enrolled: [WireNewSample]
        /// How many the identity has now.
        public let samples: Int
        public let model: String

        public init(identity: String, enrolled: [WireNewSample], samples: Int, model: String) {
            self.identity = identity
            self.enrolled = enrolled
            self.samples = samples
            self.model = model
        }
    }
}

/// `io.likeness.Verification.CheckSample`: tells whether an image would be enrolled, and enrols nothing.
public struct CheckSample: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "CheckSample"
    package static let rules = MethodRules(role: .enrollSelf, stop: .refuses)

    public let identity: String
    public let image: String
    public let modality: Modality?
    public let largest: Bool?

    public init(identity: String, image: String, modality: Modality? = nil, largest: Bool? = nil) {
        self.identity = identity
        self.image = image
        self.modality = modality
        self.largest = largest
    }

    package var subject: String? { identity }
    package static func outcome(of reply: Reply) -> String? { "fit to enrol" }

    /// What the daemon answers; that it answers at all says that it would enrol the image.
    public struct Reply: Sendable, Hashable, Codable {
        public let modality: Modality
        public let measurements: [WireMeasurement]
        public let model: String

        public init(modality: Modality, measurements: [WireMeasurement], model: String) {
            self.modality = modality
            self.measurements = measurements
            self.model = model
        }
    }
}

/// `io.likeness.Verification.MoveSample`: makes one sample of an identity one of another.
public struct MoveSample: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "MoveSample"
    package static let rules = MethodRules(role: .enroll, stop: .refuses, audit: .withTheChange)

    public let identity: String
    public let sample: Int
    /// Whose it is to be.
    public let to: String
    /// Whether that identity is made where nobody is enrolled under the name.
    public let create: Bool?
    /// Whether the only sample of an identity may go, and the identity with it.
    public let last: Bool?

    public init(identity: String, sample: Int, to: String, create: Bool? = nil, last: Bool? = nil) {
        self.identity = identity
        self.sample = sample
        self.to = to
        self.create = create
        self.last = last
    }

    package var subject: String? { identity }
    package static func outcome(of reply: Reply) -> String? { "now sample \(reply.sample)" }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        /// Whose sample it is now, and its number there.
        public let identity: String
        public let sample: Int
        /// How many samples that identity has.
        public let samples: Int
        /// How many the identity has left that it was of.
        public let remaining: Int
        /// Whether the identity was made.
        public let created: Bool
        public let warnings: [WireWarning]

        public init(
            identity: String, sample: Int, samples: Int, remaining: Int, created: Bool, warnings: [WireWarning]
        ) {
            self.identity = identity
            self.sample = sample
            self.samples = samples
            self.remaining = remaining
            self.created = created
            self.warnings = warnings
        }
    }
}

/// `NewSample` of `io.likeness.Verification`: what became of one of several images.
public struct WireNewSample: Sendable, Hashable, Codable {
    public let sample: Int
    public let measurements: [WireMeasurement]
    public let warnings: [WireWarning]

    public init(sample: Int, measurements: [WireMeasurement], warnings: [WireWarning]) {
        self.sample = sample
        self.measurements = measurements
        self.warnings = warnings
    }
}
