// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// `io.likeness.Admin.ExportGallery`: sends every identity in the clear; it has to be called with `more`.
public struct ExportGallery: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "ExportGallery"
    package static let rules = MethodRules(role: .admin, audit: .beforeTheReply)

    public init() {}

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let identity: WireExportedIdentity?
        public let done: Int
        public let total: Int
        public let damage: [WireDamage]

        public init(identity: WireExportedIdentity? = nil, done: Int, total: Int, damage: [WireDamage]) {
            self.identity = identity
            self.done = done
            self.total = total
            self.damage = damage
        }
    }
}

/// `io.likeness.Admin.ImportIdentity`: enrols an exported identity.
public struct ImportIdentity: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "ImportIdentity"
    package static let rules = MethodRules(role: .admin, stop: .refuses, audit: .withTheChange)

    /// When something can have been enrolled: seconds since 1970, from the year 1 to the end of the year 9999. A clock
    /// can be wrong, and what was enrolled by it is exported all the same.
    public static let times = -62_135_596_800...253_402_300_799

    /// What became of the identity.
    public enum Result: String, Sendable, Hashable, Codable, CaseIterable {
        case imported
        case replaced
        case skipped
    }

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

    package var subject: String? { identity.name }
    package static func outcome(of reply: Reply) -> String? { reply.result.rawValue }

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

/// `ExportedEmbedding` of `io.likeness.Admin`.
///
/// The numbers travel as bytes in base64: exact, and one value of a message rather than one for each number, of which a
/// message may have only so many.
public struct WireExportedEmbedding: Sendable, Hashable, Codable {
    /// The digest of the model that made it, in hexadecimal digits.
    public let model: String
    /// 32-bit numbers, little-endian, in base64.
    public let values: String

    public init(model: String, values: String) {
        self.model = model
        self.values = values
    }

    public init(model: String, numbers: [Float]) {
        let bytes = numbers.flatMap { number in
            let bits = number.bitPattern
            return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
        }
        self.init(model: model, values: Data(bytes).base64EncodedString())
    }

    /// The numbers; nil where ``values`` is not base64, or does not hold whole and finite numbers, at least one.
    public var numbers: [Float]? {
        guard let bytes = Data(base64Encoded: values).map(Array.init), !bytes.isEmpty, bytes.count % 4 == 0 else {
            return nil
        }
        let numbers = stride(from: 0, to: bytes.count, by: 4).map { start in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * $1) })
        }
        return numbers.allSatisfy(\.isFinite) ? numbers : nil
    }
}
