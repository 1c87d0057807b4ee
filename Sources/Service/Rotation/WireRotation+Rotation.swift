// SPDX-License-Identifier: Apache-2.0

import Gallery
import LikenessInterface

extension WireRotation {
    /// What a caller is told of a rotation.
    init(_ rotation: Rotation, for grants: Grants) {
        let report = rotation.report.map(WireRotationReport.init)
        self.init(
            modality: rotation.to.modality, from: rotation.from.map(WireModelIdentity.init),
            to: WireModelIdentity(rotation.to), dryRun: rotation.isTrial, phase: Phase(rotation.phase),
            done: rotation.done, total: rotation.total, secondsLeft: rotation.secondsLeft, message: rotation.message,
            report: grants.score ? report : report?.withoutDistances, resumed: rotation.isResumed)
    }
}

extension WireRotation.Phase {
    fileprivate init(_ phase: Rotation.Phase) {
        self =
            switch phase {
            case .embedding: .embedding
            case .measuring: .measuring
            case .activated: .activated
            case .measured: .measured
            case .refused: .refused
            case .failed: .failed
            case .cancelled: .cancelled
            }
    }
}

extension WireRotationReport {
    init(_ report: RotationReport) {
        self.init(
            samples: report.samples, embedded: report.embedded, refused: report.refused,
            refusals: report.refusals.map {
                WireRefusal(identity: $0.sample.identity.text, sample: $0.sample.number, reason: $0.reason)
            },
            before: WireSeparation(report.before), after: WireSeparation(report.after),
            disagreeing: report.disagreeing,
            disagreements: report.disagreements.map {
                WireDisagreement(
                    identity: $0.sample.identity.text, sample: $0.sample.number, distance: $0.distance.onTheWire,
                    threshold: $0.threshold.onTheWire)
            },
            equalErrorRateRise: report.equalErrorRateRise, maxDrop: report.maximumDrop,
            acceptable: report.isAcceptable, objections: report.objections)
    }

    /// What a caller without the grant *score* is told: whose samples do not match one another, and not how far apart
    /// they are.
    var withoutDistances: WireRotationReport {
        WireRotationReport(
            samples: samples, embedded: embedded, refused: refused, refusals: refusals, before: before, after: after,
            disagreeing: disagreeing,
            disagreements: disagreements.map {
                WireDisagreement(identity: $0.identity, sample: $0.sample, distance: nil, threshold: nil)
            },
            equalErrorRateRise: equalErrorRateRise, maxDrop: maxDrop, acceptable: acceptable, objections: objections)
    }
}

extension WireSeparation {
    fileprivate init(_ separation: Separation) {
        self.init(
            genuinePairs: separation.genuinePairs, impostorPairs: separation.impostorPairs,
            equalErrorRate: separation.equalErrorRate, lower: separation.lower, upper: separation.upper)
    }
}

extension WireGeneration {
    init(_ content: GenerationContent) {
        self.init(content.generation, samples: content.embedded, refused: content.refused)
    }

    init(_ generation: Generation, samples: Int, refused: Int) {
        let state: State =
            switch generation.state {
            case .building: .building
            case .active: .active
            case .retired: .retired
            }
        self.init(
            id: Int(generation.id), model: WireModelIdentity(generation.model), state: state,
            created: Int(generation.created.wholeSeconds), samples: samples, refused: refused)
    }
}

extension WireModelIdentity {
    init(_ model: ModelDescription) {
        self.init(
            digest: model.digest.hexadecimal, name: model.name, version: model.version, modality: model.modality,
            embeddingSize: model.embeddingSize)
    }
}
