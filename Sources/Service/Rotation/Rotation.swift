// SPDX-License-Identifier: Apache-2.0

import Gallery

/// A rotation of one modality to another model: where it is, or how it ended.
struct Rotation: Sendable, Hashable {
    /// What it does, or how it ended. The audit log has the ends by these words.
    enum Phase: String, Sendable, Hashable {
        case embedding
        case measuring
        case activated
        /// The end of a trial.
        case measured
        case refused
        case failed
        case cancelled

        /// Whether nothing follows.
        var isEnd: Bool {
            switch self {
            case .embedding, .measuring: false
            case .activated, .measured, .refused, .failed, .cancelled: true
            }
        }
    }

    /// The model of the active generation when it began; nil where nothing was enrolled by any.
    let from: ModelDescription?
    let to: ModelDescription
    /// Whether it ends with the measurement, and leaves nothing behind.
    let isTrial: Bool
    /// Whether it was begun before the service's start.
    let isResumed: Bool
    private(set) var phase = Phase.embedding
    /// How many samples are embedded, of so many.
    private(set) var done = 0
    private(set) var total = 0
    /// Until the samples are embedded; nil while nobody can tell.
    private(set) var secondsLeft: Double?
    /// What it does or how it ended, in words.
    private(set) var message: String
    /// From its end on.
    private(set) var report: RotationReport?

    init(
        from: ModelDescription?, to: ModelDescription, isTrial: Bool, isResumed: Bool, phase: Phase = .embedding,
        message: String
    ) {
        self.from = from
        self.to = to
        self.isTrial = isTrial
        self.isResumed = isResumed
        self.phase = phase
        self.message = message
    }

    /// The same rotation, further on.
    func with(
        phase: Phase? = nil, done: Int? = nil, total: Int? = nil, secondsLeft: Double? = nil, message: String,
        report: RotationReport? = nil
    ) -> Rotation {
        var next = self
        next.phase = phase ?? self.phase
        next.done = done ?? self.done
        next.total = total ?? self.total
        next.secondsLeft = secondsLeft
        next.message = message
        next.report = report ?? self.report
        return next
    }
}

/// What a rotation found before its activation.
struct RotationReport: Sendable, Hashable {
    /// A sample that the model made nothing of.
    struct Refusal: Sendable, Hashable {
        let sample: SampleReference
        let reason: String
    }

    /// The sample of an identity that is farthest from its others, where these do not all match one another.
    struct Disagreement: Sendable, Hashable {
        let sample: SampleReference
        let distance: Double
        /// The distance up to which they would match.
        let threshold: Double
    }

    let samples: Int
    let embedded: Int
    let refused: Int
    /// The first of them, by name and number.
    let refusals: [Refusal]
    /// The gallery by the active model, and by the one that is rotated to.
    let before: Separation
    let after: Separation
    let disagreeing: Int
    /// The first of them, by name.
    let disagreements: [Disagreement]
    /// Nil where either rate is.
    let equalErrorRateRise: Double?
    /// The rise that is allowed of the equal error rate, and the share of samples that may be refused.
    let maximumDrop: Double
    /// Why the model may not be activated, in words.
    let objections: [String]

    var isAcceptable: Bool { objections.isEmpty }
}
