// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import LikenessInterface
import Monitoring

/// What a service counts and times as it works. No name of a person, and nothing of a picture, is in it.
package struct ServiceMetrics: Sendable {
    /// A part of the work on a picture.
    package enum Stage: String, CaseIterable {
        /// Until a worker begins.
        case wait
        /// Opening the file and reading its pixels, in the decoder's process.
        case decode
        /// The detector's looks at the picture; of faces alone.
        case detect
        /// Aligning and measuring the face, or finding and placing the signature's ink.
        case align
        /// The network.
        case embed
        /// The embedding against those of an identity, or of everybody.
        case compare
        /// A change of the gallery, from its place among other changes to the disk.
        case store
    }

    private static let calls = "likeness_calls_total"
    private static let callSeconds = "likeness_call_duration_seconds"
    private static let stageSeconds = "likeness_stage_duration_seconds"
    private static let refusals = "likeness_acquisition_failures_total"

    package let registry = MetricsRegistry([
        calls: MetricsRegistry.Description(
            help: "Calls by method and by what they came to: ok, a decision, or the error's name."),
        callSeconds: MetricsRegistry.Description(help: "From a call's arrival to its last reply, by method."),
        stageSeconds: MetricsRegistry.Description(help: "Parts of the work on pictures."),
        refusals: MetricsRegistry.Description(
            help: "Failures to acquire: pictures that no decision may rest on, by cause; one may have several causes."),
    ])

    package init() {}

    /// Counts a call that has ended.
    func ended(_ method: String, result: String, after duration: Duration) {
        Counter(label: Self.calls, dimensions: [("method", method), ("result", result)], factory: registry).increment()
        record(duration, Self.callSeconds, [("method", method)])
    }

    /// Times a part of the work.
    func timing<Value, Failure: Error>(
        _ stage: Stage, _ work: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let begun = ContinuousClock.now
        defer { record(begun.duration(to: .now), of: stage) }
        return try work()
    }

    func record(_ duration: Duration, of stage: Stage) {
        record(duration, Self.stageSeconds, [("stage", stage.rawValue)])
    }

    /// Counts why a picture gave no sample that a decision may rest on.
    func countCauses(of result: Result<ProbedPicture, ServiceFailure>) {
        switch result {
        case .success(let picture):
            for probe in picture.probes {
                if let problem = probe.problem { count(ServiceFailure(problem)) }
                for measurement in probe.unacceptable { refuse("low_quality_\(measurement.quantity.rawValue)") }
            }
        case .failure(let failure): count(failure)
        }
    }

    private func count(_ failure: ServiceFailure) {
        switch failure {
        case .imageRejected(let cause, _): refuse(cause)
        case .noFace: refuse("no_face")
        case .severalFaces: refuse("several_faces")
        case .lowQuality(let unacceptable):
            for measurement in unacceptable { refuse("low_quality_\(measurement.quantity)") }
        default: break
        }
    }

    private func refuse(_ cause: String) {
        Counter(label: Self.refusals, dimensions: [("cause", cause)], factory: registry).increment()
    }

    private func record(_ duration: Duration, _ label: String, _ dimensions: [(String, String)]) {
        let (seconds, attoseconds) = duration.components
        Timer(label: label, dimensions: dimensions, factory: registry)
            .recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
