// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition
import Wording

/// What is found before an activation: what the model refuses, how it tells the gallery's identities apart beside the
/// active one, and whose samples no longer agree.
struct RotationMeasurement {
    let report: RotationReport

    /// - Parameters:
    ///   - before: the active generation; nil where there is none.
    ///   - threshold: the distance of the new model beyond which two samples do not match.
    ///   - maximumDrop: the most by which the equal error rate may rise, and the largest share of samples that may be
    ///     refused.
    init(before: GenerationEmbeddings?, after: GenerationEmbeddings, threshold: Double, maximumDrop: Double) {
        // Only samples that both have can be compared.
        let earlier = Set((before?.embeddings ?? []).map(\.sample)), later = Set(after.embeddings.map(\.sample))
        let common = before == nil ? later : earlier.intersection(later)
        let old = before.map { Separation($0, only: common) } ?? .none
        let new = Separation(after, only: common)
        let samples = after.embeddings.count + after.refusals.count
        let refusals = after.refusals.sorted {
            ($0.key.identity.text, $0.key.number) < ($1.key.identity.text, $1.key.number)
        }
        let disagreements = Self.disagreements(in: after, threshold: threshold)
        let rise = old.equalErrorRate.flatMap { old in new.equalErrorRate.map { $0 - old } }
        var objections: [String] = []
        if let rise, rise > maximumDrop {
            let (points, allowed) = NumberText.missed(rise * 100, limit: maximumDrop * 100)
            objections.append(
                "the equal error rate on the gallery itself would rise by \(points) percentage points, and \(allowed) are allowed"
            )
        }
        if samples > 0, Double(refusals.count) / Double(samples) > maximumDrop {
            objections.append(
                "the model refuses \(refusals.count) of \(samples) samples, and a share of \(NumberText.percent(maximumDrop)) is allowed"
            )
        }
        // No more is kept than is told.
        report = RotationReport(
            samples: samples, embedded: after.embeddings.count, refused: refusals.count,
            refusals: refusals.prefix(WireRotationReport.listed).map {
                RotationReport.Refusal(sample: $0.key, reason: $0.value)
            },
            before: old, after: new, disagreeing: disagreements.count,
            disagreements: Array(disagreements.prefix(WireRotationReport.listed)), equalErrorRateRise: rise,
            maximumDrop: maximumDrop,
            objections: objections)
    }

    /// For each identity with samples that do not match one another, the sample that is farthest from the others.
    private static func disagreements(
        in content: GenerationEmbeddings, threshold: Double
    ) -> [RotationReport.Disagreement] {
        var disagreements: [RotationReport.Disagreement] = []
        var start = 0
        let embeddings = content.embeddings
        while start < embeddings.count {
            let own = embeddings[start...].prefix { $0.sample.identity == embeddings[start].sample.identity }
            start = own.endIndex
            var farthest: (sample: SampleReference, distance: Double)?
            for sample in own {
                let others = own.filter { $0.sample != sample.sample }
                let distances = others.compactMap {
                    try? Double(EmbeddingPair(sample.embedding, $0.embedding).distance)
                }
                guard let nearest = distances.min(), nearest > threshold, nearest > farthest?.distance ?? 0 else {
                    continue
                }
                farthest = (sample.sample, nearest)
            }
            if let farthest {
                disagreements.append(
                    RotationReport.Disagreement(
                        sample: farthest.sample, distance: farthest.distance, threshold: threshold))
            }
        }
        return disagreements
    }
}
