// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Verification.IdentifyAll`: finds for every face of a picture the identity nearest to it.
public struct IdentifyAll: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "IdentifyAll"
    package static let rules = MethodRules(role: .verify, stop: .refuses, audit: .whereConfigured)

    public let image: String
    public let operatingPoint: Double?
    /// The false-positive identification rate that chooses the threshold; nil for one by ``operatingPoint``.
    public let identificationRate: Double?
    /// The user for whom a relay asks, by number; nil for the caller itself.
    public let user: Int?

    private enum CodingKeys: String, CodingKey {
        case image
        case operatingPoint = "operating_point"
        case identificationRate = "false_positive_identification_rate"
        case user
    }

    public init(
        image: String, operatingPoint: Double? = nil, identificationRate: Double? = nil, user: Int? = nil
    ) {
        self.image = image
        self.operatingPoint = operatingPoint
        self.identificationRate = identificationRate
        self.user = user
    }

    package static func outcome(of reply: Reply) -> String? {
        "\(reply.faces.count { $0.result == .match }) of \(reply.found) known"
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        /// The picture's size in pixels, upright.
        public let width: Int
        public let height: Int
        /// How many faces were found; ``faces`` holds the largest of them.
        public let found: Int
        /// *match* where one of the faces matches; else *inconclusive* where one of them is.
        public let result: WireResult
        /// By falling size.
        public let faces: [WireIdentifiedFace]
        /// Nil for a caller without the grant *score*.
        public let threshold: Double?
        public let operatingPoint: Double
        /// How often a stranger is taken for somebody there, face by face.
        public let falsePositiveIdentification: WireIdentificationRate?
        public let model: String
        public let generation: Int

        private enum CodingKeys: String, CodingKey {
            case width
            case height
            case found
            case result
            case faces
            case threshold
            case operatingPoint = "operating_point"
            case falsePositiveIdentification = "false_positive_identification"
            case model
            case generation
        }

        public init(
            width: Int, height: Int, found: Int, faces: [WireIdentifiedFace], threshold: Double?,
            operatingPoint: Double, falsePositiveIdentification: WireIdentificationRate?, model: String,
            generation: Int
        ) {
            self.width = width
            self.height = height
            self.found = found
            self.faces = faces
            self.threshold = threshold
            self.operatingPoint = operatingPoint
            self.falsePositiveIdentification = falsePositiveIdentification
            self.model = model
            self.generation = generation
            let results = Set(faces.map(\.result))
            result = results.contains(.match) ? .match : results.contains(.inconclusive) ? .inconclusive : .noMatch
        }
    }
}

/// `IdentifiedFace` of `io.likeness.Verification`.
public struct WireIdentifiedFace: Sendable, Hashable, Codable {
    public let box: WireBox
    public let result: WireResult
    /// The nearest identity, whether it matches or not; for a caller without the grant *score* the one that matches.
    public let nearest: WireCandidate?
    public let measurements: [WireMeasurement]
    public let unacceptable: [WireMeasurement]
    public let message: String

    public init(
        box: WireBox, result: WireResult, nearest: WireCandidate?, measurements: [WireMeasurement],
        unacceptable: [WireMeasurement], message: String
    ) {
        self.box = box
        self.result = result
        self.nearest = nearest
        self.measurements = measurements
        self.unacceptable = unacceptable
        self.message = message
    }

    /// Who it is; nil where nobody known is recognised.
    public var identity: String? { result == .match ? nearest?.identity : nil }
}
