// SPDX-License-Identifier: Apache-2.0

/// Synthetic writers with samples of each, to be rendered when an ``ImageCache`` asks for them.
public struct SyntheticSignatureSet: Sendable {
    public let writers: Int
    public let genuine: Int
    public let forgeries: Int
    public let seed: UInt64
    private let synthesizer: SignatureSynthesizer

    /// - Parameters:
    ///   - genuine: How many genuine samples each writer has.
    ///   - forgeries: How many forgeries are made of each writer's signature.
    /// - Throws: ``TrainingError/invalidInput(reason:)`` when a count is negative or options are out of range.
    public init(
        writers: Int, genuine: Int, forgeries: Int, seed: UInt64, options: SignatureSynthesizer.Options = .init()
    ) throws(TrainingError) {
        guard writers >= 0, genuine >= 0, forgeries >= 0 else {
            throw .invalidInput(reason: "a count of synthetic writers or samples is below 0")
        }
        synthesizer = try SignatureSynthesizer(options: options)
        self.writers = writers
        self.genuine = genuine
        self.forgeries = forgeries
        self.seed = seed
    }

    /// All samples, writer by writer, genuine ones first. A sample depends on the seed and its own numbers alone.
    public var images: [LabeledImage] {
        var random = RandomSource(seed: seed)
        return (0..<writers).flatMap { number -> [LabeledImage] in
            var samples = random.fork()
            let writerSeed = samples.next()
            let identity = "synthetic-\(seed)-\(number)"
            return (0..<genuine + forgeries).map { sample in
                let isForgery = sample >= genuine, stream = samples.fork()
                let name = isForgery ? "\(identity)/forgery/\(sample - genuine)" : "\(identity)/genuine/\(sample)"
                let source = ImageSource.generated(
                    name: name, basis: { [synthesizer] in "\(synthesizer) \(writerSeed) \(stream)" }
                ) { [synthesizer] in
                    var stream = stream
                    let writer = synthesizer.writer(writerSeed)
                    return (isForgery ? writer.forgery(&stream) : writer.genuine(&stream)).rgb()
                }
                return LabeledImage(identity: identity, source: source, kind: isForgery ? .forgery : .genuine)
            }
        }
    }
}
