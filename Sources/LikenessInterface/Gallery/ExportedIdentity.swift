// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `ExportedIdentity` of `io.likeness.Admin`: all that a gallery holds of an identity. Times are seconds since
/// 1970-01-01T00:00:00Z.
public struct WireExportedIdentity: Sendable, Hashable, Codable {
    public let name: String
    public let modality: Modality
    public let enrolled: Int
    public let updated: Int
    public let samples: [WireExportedSample]

    public init(name: String, modality: Modality, enrolled: Int, updated: Int, samples: [WireExportedSample]) {
        self.name = name
        self.modality = modality
        self.enrolled = enrolled
        self.updated = updated
        self.samples = samples
    }
}

/// `ExportedSample` of `io.likeness.Admin`.
public struct WireExportedSample: Sendable, Hashable, Codable {
    /// What the kept image is of the one that was sent.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A part of it, with a margin.
        case crop
        /// A model's input.
        case chip
    }

    public let number: Int
    public let enrolled: Int
    /// A PNG or JPEG file in base64; nil where the gallery keeps none.
    public let image: String?
    public let kind: Kind?
    public let width: Int
    public let height: Int
    /// SHA-256 of the file that was sent, in hexadecimal digits.
    public let original: String
    public let measurements: [WireMeasurement]
    public let embeddings: [WireExportedEmbedding]

    public init(
        number: Int,
        enrolled: Int,
        image: String? = nil,
        kind: Kind? = nil,
        width: Int,
        height: Int,
        original: String,
        measurements: [WireMeasurement],
        embeddings: [WireExportedEmbedding]
    ) {
        self.number = number
        self.enrolled = enrolled
        self.image = image
        self.kind = kind
        self.width = width
        self.height = height
        self.original = original
        self.measurements = measurements
        self.embeddings = embeddings
    }
}
