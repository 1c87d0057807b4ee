// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging

/// Calibrates a model on people of whom there are several images each.
///
/// Every image is embedded once. Then samples of one person are made references as enrolment makes them, of
/// 1, 3 and 5 samples by the model's own rule, and probes are compared with them: genuine ones are the person's
/// other images, impostors are all images of everybody else. a and d₀ are fitted to all of these together. The
/// threshold of a rate is the strictest of those that each number of samples asks for, so that the stated rate
/// holds for identities of any number of samples: the mean of several is nearer to everybody than one sample is.
///
/// Skilled forgeries, where there are any, are compared with the references of the person they imitate and with nobody
/// else's. They move no threshold and are no part of the fit, so that a false-match rate means the same with and
/// without them; what share of them matches at each threshold, at the number of samples where that is most, is stated
/// beside it (``OperatingPoint/skilledFalseMatchRate``), and where they are many enough to tell, thresholds that keep
/// that share are stated besides.
///
/// Of several sets each weighs the same, whatever its size, and impostors are of the same set: people of different sets
/// are told apart by script and scanner, which would flatter.
///
/// Images in which no face is found, or that do not keep the model's quality limits, make no distance, because
/// no decision rests on such an image; they are counted. Of images of a person that show the same picture, pixel
/// by pixel, one counts. The result depends on the images and their order only.
public struct Calibrator: Sendable {
    /// A person and how to get the images; each is read when its turn comes.
    public struct Identity: Sendable {
        public let name: String
        public let images: [Image]
        /// What others made to pass for this person's; empty where nobody did.
        public let forgeries: [Image]

        public init(name: String, images: [Image], forgeries: [Image] = []) {
            self.name = name
            self.images = images
            self.forgeries = forgeries
        }
    }

    /// People whose images are of one origin.
    public struct IdentitySet: Sendable {
        public let name: String
        public let identities: [Identity]
        /// Whether false-match rates are measured on these people, compared one sample with another, and on no set that
        /// lacks this. One image of each person is enough.
        public let measuresFalseMatches: Bool

        public init(name: String, identities: [Identity], measuresFalseMatches: Bool = false) {
            self.name = name
            self.identities = identities
            self.measuresFalseMatches = measuresFalseMatches
        }
    }

    /// An image file by name.
    public struct Image: Sendable {
        public let name: String
        /// The bytes of the PNG or JPEG file.
        public let read: @Sendable () throws -> [UInt8]

        public init(name: String, read: @escaping @Sendable () throws -> [UInt8]) {
            self.name = name
            self.read = read
        }
    }

    /// An image that makes no distance, and why.
    public struct Failure: Sendable, Hashable {
        public let image: String
        public let reason: String
    }

    /// What was found, besides the calibration itself.
    public struct Outcome: Sendable {
        public let calibration: Calibration
        /// How well the model tells the people of each set apart, by the number of samples of a reference.
        public let evaluations: [Int: PooledEvaluation]
        /// Failures to acquire, in the order of the images.
        public let failures: [Failure]
        public let identityCount: Int
        public let imageCount: Int
    }

    /// The numbers of samples that references are made of.
    public static let sampleCounts = [1, 3, 5]

    /// The most sets that a calibration names; a manifest's text has an end.
    private static let namedSets = 8

    private let recognizer: Recognizer
    private let decoding: any PictureDecoding

    /// - Parameter decoding: where the images are decoded.
    public init(recognizer: Recognizer, decoding: any PictureDecoding) {
        self.recognizer = recognizer
        self.decoding = decoding
    }

    /// Embeds the images, on all cores, and calibrates.
    ///
    /// - Parameters:
    ///   - setName: what the images are, for the calibration's `set`; the counts and the way of measuring follow it.
    ///   - progress: is called with the number of images done, from any thread.
    /// - Throws: ``CalibrationError``, or ``RecognitionError`` when the engine itself fails.
    public func calibrate(
        _ identities: [Identity], setName: String, rates: [Double] = Calibration.standardRates,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> Outcome {
        try await calibrate([IdentitySet(name: setName, identities: identities)], rates: rates, progress: progress)
    }

    /// The same on several sets. Names of identities may occur in several.
    ///
    /// - Parameter rates: nil takes ``Calibration/standardRates``, and ``Calibration/ratesOnStrangers`` where a set
    ///   measures false matches.
    public func calibrate(
        _ sets: [IdentitySet], rates: [Double]? = nil,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> Outcome {
        // What cannot come to a calibration whatever the images show is refused before they are looked at.
        for set in sets { try Self.checkPairs(of: set, isOnly: sets.count == 1) }
        let images = sets.flatMap(\.identities).flatMap { $0.images + $0.forgeries }
        var acquired = try await SampleAcquisition(recognizer: recognizer, decoding: decoding)
            .embed(images, progress: progress)[...]
        var failures: [Failure] = [], measured: [CalibrationSet] = [], words: [String] = []
        let rule = recognizer.manifest.defaultReferenceRule
        for set in sets {
            let found = Embedded(set, taking: &acquired)
            measured.append(
                CalibrationSet(
                    name: set.name,
                    comparisons: try CalibrationDistances(
                        samples: found.samples, forgeries: found.forgeries,
                        sampleCounts: set.measuresFalseMatches ? [1] : Self.sampleCounts, rule: rule,
                        needsGenuine: !set.measuresFalseMatches
                    ).comparisons,
                    measuresFalseMatches: set.measuresFalseMatches))
            failures += found.failures
            words.append("\(set.name): \(found.words)")
        }
        if sets.count > Self.namedSets {
            let people = sets.reduce(0) { $0 + $1.identities.count }
            words = ["\(sets.count) sets: \(people) people, \(images.count - failures.count) of \(images.count) images"]
        }
        let counts = Set(measured.flatMap(\.comparisons.keys)).sorted().map(String.init).joined(separator: ", ")
        let measuring = sets.filter(\.measuresFalseMatches).map(\.name)
        let text =
            words.joined(separator: "; ")
            + (sets.count > 1 ? "; each set weighing the same" : "")
            + (measuring.isEmpty
                ? "" : "; false matches between single samples of \(measuring.joined(separator: ", "))")
            + "; references of \(counts) samples by the rule “\(rule.name)” against the other images"
            + (sets.count > 1 ? " of the same set" : "")
        let (calibration, measurements) = try Calibration.fitting(
            measured, set: text,
            rates: rates ?? (measuring.isEmpty ? Calibration.standardRates : Calibration.ratesOnStrangers))
        return Outcome(
            calibration: calibration, evaluations: measurements.evaluations, failures: failures,
            identityCount: sets.reduce(0) { $0 + $1.identities.count }, imageCount: images.count)
    }

    /// - Throws: ``CalibrationError/tooFewPairs(genuine:impostor:minimum:)`` where there are too few even if every image
    ///   can be used.
    private static func checkPairs(of set: IdentitySet, isOnly: Bool) throws(CalibrationError) {
        let counts = set.identities.map(\.images.count), all = counts.reduce(0, +)
        var genuine = 0, impostor = 0
        for samples in set.measuresFalseMatches ? [1] : sampleCounts {
            // References of one sample count each pair once.
            let share = samples == 1 ? 2 : 1
            let own = counts.reduce(0) { $0 + $1 / samples * max(0, $1 - samples) } / share
            let others = counts.reduce(0) { $0 + $1 / samples * (all - $1) } / share
            if own > 0 || set.measuresFalseMatches, others > 0 {
                genuine += own
                impostor += others
            }
        }
        let minimum = Calibration.minimumPairs
        guard (genuine < minimum && !set.measuresFalseMatches) || impostor < minimum else { return }
        let error = CalibrationError.tooFewPairs(genuine: genuine, impostor: impostor, minimum: minimum)
        throw isOnly ? error : .inSet(name: set.name, reason: error)
    }

    /// What became of the images of a set.
    private struct Embedded {
        var samples: [[Embedding]] = []
        var forgeries: [[Embedding]] = []
        var failures: [Failure] = []
        /// How many there were.
        let words: String

        /// - Parameter outcomes: those of all images that are left, from which those of the set go.
        init(_ set: IdentitySet, taking outcomes: inout ArraySlice<SampleAcquisition.Outcome>) {
            var failures: [Failure] = [], repeated = 0
            func embeddings(of images: [Image]) -> [Embedding] {
                var pictures: Set<SampleAcquisition.PictureDigest> = []
                return images.compactMap { image in
                    switch outcomes.removeFirst() {
                    case .embedding(let embedding, let picture):
                        guard pictures.insert(picture).inserted else {
                            repeated += 1
                            return nil
                        }
                        return embedding
                    case .refused(let reason):
                        failures.append(Failure(image: image.name, reason: reason))
                        return nil
                    }
                }
            }
            for identity in set.identities {
                samples.append(embeddings(of: identity.images))
                forgeries.append(embeddings(of: identity.forgeries))
            }
            self.failures = failures
            let images = set.identities.reduce(0) { $0 + $1.images.count + $1.forgeries.count }
            let forged = forgeries.reduce(0) { $0 + $1.count }
            words =
                "\(set.identities.count) people, \(images - failures.count - repeated) of \(images) images"
                + (repeated > 0 ? " (\(repeated) repeat others)" : "")
                + (forged > 0 ? ", \(forged) of them skilled forgeries" : "")
        }
    }
}
