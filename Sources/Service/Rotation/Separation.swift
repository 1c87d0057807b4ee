// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Recognition

/// How well a generation tells the gallery's own identities apart: every pair of samples of one identity, and as many
/// pairs of two as a stated number of samples of others gives, chosen by a fixed rule so that two generations are
/// measured on the same.
struct Separation: Sendable, Hashable {
    /// Others that each sample is compared with. All pairs of a large gallery would take hours.
    private static let impostorsPerSample = 10
    private static let bootstrap = BootstrapSettings(resamples: 200)

    let genuinePairs: Int
    let impostorPairs: Int
    /// In [0, 1]; nil where there are no pairs of either kind.
    let equalErrorRate: Double?
    /// The ends of its 95 % confidence interval, by drawing identities with replacement.
    let lower: Double?
    let upper: Double?

    /// Of a gallery that there is no pair in.
    static let none = Separation(genuinePairs: 0, impostorPairs: 0)

    private init(genuinePairs: Int, impostorPairs: Int, rates: ErrorRates? = nil) {
        self.genuinePairs = genuinePairs
        self.impostorPairs = impostorPairs
        equalErrorRate = rates?.equalErrorRate.rate
        lower = rates?.interval?.low
        upper = rates?.interval?.high
    }

    init(_ content: GenerationEmbeddings, only samples: Set<SampleReference>) {
        let embeddings = content.embeddings.filter { samples.contains($0.sample) }
        var numbers: [IdentityName: Int] = [:]
        var distances: [Float] = [], isSame: [Bool] = [], identities: [Int] = []
        func compare(_ first: EnrolledEmbedding, _ second: EnrolledEmbedding) {
            guard let pair = try? EmbeddingPair(first.embedding, second.embedding) else { return }
            distances.append(pair.distance)
            isSame.append(first.sample.identity == second.sample.identity)
            let next = numbers.count
            identities.append(numbers[first.sample.identity, default: next])
            if numbers[first.sample.identity] == nil { numbers[first.sample.identity] = next }
        }
        for (place, first) in embeddings.enumerated() {
            // They are in the order of the names, so that those of one identity stand together.
            for second in embeddings[(place + 1)...].prefix(while: { $0.sample.identity == first.sample.identity }) {
                compare(first, second)
            }
            for step in 1...Self.impostorsPerSample {
                let other = embeddings[(place + 1 + step * 7919) % embeddings.count]
                if other.sample.identity != first.sample.identity { compare(first, other) }
            }
        }
        let genuine = isSame.count { $0 }
        let evaluation = try? PairEvaluation(
            distances: distances, isSame: isSame, identities: identities, bootstrap: Self.bootstrap)
        self.init(genuinePairs: genuine, impostorPairs: isSame.count - genuine, rates: evaluation?.rates)
    }
}
