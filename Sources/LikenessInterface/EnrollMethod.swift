// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `io.likeness.Verification.Enroll`: adds one sample to an identity.
public enum EnrollMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Verification.Enroll"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
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
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let identity: String
        public let sample: Int
        public let samples: Int
        public let measurements: [WireMeasurement]
        public let warnings: [WireWarning]
        public let model: String

        public init(
            identity: String,
            sample: Int,
            samples: Int,
            measurements: [WireMeasurement],
            warnings: [WireWarning],
            model: String
        ) {
            self.identity = identity
            self.sample = sample
            self.samples = samples
            self.measurements = measurements
            self.warnings = warnings
            self.model = model
        }
    }
}
