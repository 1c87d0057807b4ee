import Biometrics

/// Calibrates a model on people of whom there are several images each.
///
/// Every image is embedded once. Then samples of one person are made references as enrolment makes them, of
/// 1, 3 and 5 samples by the model's own rule, and probes are compared with them: genuine ones are the person's
/// other images, impostors are all images of everybody else. a and d₀ are fitted to all of these together. The
/// threshold of a rate is the strictest of those that each number of samples asks for, so that the stated rate
/// holds for identities of any number of samples: the mean of several is nearer to everybody than one sample is.
///
/// Skilled forgeries, where there are any, are compared with the references of the person they imitate and with
/// nobody else's. They move no threshold and are no part of the fit, so that a false-match rate means the same with
/// and without them; what share of them matches at each threshold, at the number of samples where that is most, is
/// stated beside it (``OperatingPoint/skilledFalseMatchRate``).
///
/// Images in which no face is found, or that do not keep the model's quality limits, make no distance, because
/// no decision rests on such an image; they are counted. The result depends on the images and their order only.
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
        /// How well the model tells the people apart, by the number of samples of a reference.
        public let evaluations: [Int: Evaluation]
        /// Failures to acquire, in the order of the images.
        public let failures: [Failure]
        public let identityCount: Int
        public let imageCount: Int
    }

    /// The numbers of samples that references are made of.
    public static let sampleCounts = [1, 3, 5]

    private let recognizer: Recognizer

    public init(recognizer: Recognizer) {
        self.recognizer = recognizer
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
        let images = identities.flatMap { $0.images + $0.forgeries }
        let acquired = try await acquire(images, progress: progress)
        var samples: [[Embedding]] = [], forgeries: [[Embedding]] = [], failures: [Failure] = []
        var next = 0
        func embeddings(of images: [Image]) -> [Embedding] {
            images.compactMap { image in
                defer { next += 1 }
                switch acquired[next] {
                case .embedding(let embedding): return embedding
                case .refused(let reason):
                    failures.append(Failure(image: image.name, reason: reason))
                    return nil
                }
            }
        }
        for identity in identities {
            samples.append(embeddings(of: identity.images))
            forgeries.append(embeddings(of: identity.forgeries))
        }
        let distances = try CalibrationDistances(
            samples: samples, forgeries: forgeries, sampleCounts: Self.sampleCounts,
            rule: recognizer.manifest.defaultReferenceRule)
        let forgeryCount = forgeries.reduce(0) { $0 + $1.count }
        let set = "\(setName): \(identities.count) people, \(images.count - failures.count) of \(images.count) images"
            + (forgeryCount > 0 ? ", \(forgeryCount) of them skilled forgeries" : "") + "; references of "
            + distances.sampleCounts.map(String.init).joined(separator: ", ")
            + " samples by the rule “\(recognizer.manifest.defaultReferenceRule.rawValue)” against the other images"
        return Outcome(
            calibration: try distances.calibration(set: set, rates: rates), evaluations: distances.evaluations,
            failures: failures, identityCount: identities.count, imageCount: images.count)
    }

    private func acquire(
        _ images: [Image], progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> [SampleAcquisition.Outcome] {
        try await SampleAcquisition(recognizer: recognizer).embed(images, progress: progress)
    }
}
