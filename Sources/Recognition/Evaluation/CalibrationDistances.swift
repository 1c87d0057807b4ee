// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// Distances of probes to references of several numbers of samples; no comparison counts twice.
///
/// Where impostors would make more comparisons for one number of samples than are taken, those are drawn evenly over
/// all. All cores work on it.
struct CalibrationDistances {
    /// By the number of samples, where there are distances of genuine samples and of impostors.
    let comparisons: [Int: CalibrationSet.Comparisons]

    /// Enough to tell a rate of 1e-4 to within a tenth, and as many as memory and time allow.
    static let maximumImpostors = 4_000_000

    /// - Parameters:
    ///   - samples: the embeddings of each person, in a fixed order.
    ///   - forgeries: those of skilled forgeries of each person, in the same order; empty for none at all.
    ///   - needsGenuine: whether a number of samples for which there is no genuine comparison is left out.
    init(
        samples: [[Embedding]], forgeries: [[Embedding]] = [], sampleCounts: [Int], rule: IdentityReference.Rule,
        needsGenuine: Bool = true, maximumImpostors: Int = maximumImpostors
    ) throws(IncomparableEmbeddings) {
        let rows = try CalibrationRows(samples: samples, forgeries: forgeries, rule: rule)
        var comparisons: [Int: CalibrationSet.Comparisons] = [:]
        for count in sampleCounts {
            let found = rows.comparisons(sampleCount: count, maximumImpostors: maximumImpostors)
            if !found.genuine.isEmpty || !needsGenuine, !found.impostor.isEmpty { comparisons[count] = found }
        }
        self.comparisons = comparisons
    }
}

/// The embeddings of several people as rows, each person's samples side by side.
private struct CalibrationRows {
    /// What a probe is compared with, and whose it is.
    private struct Reference {
        let person: Int
        let samples: Range<Int>
    }

    private let embeddings: [Embedding]
    private let matrix: DistanceMatrix
    private let rule: IdentityReference.Rule
    /// For each person the rows of their samples, and of forgeries of them.
    private let samples: [Range<Int>]
    private let forgeries: [Range<Int>]
    /// Whose sample a row is; forgeries are after all samples.
    private let people: [Int]

    /// References whose comparisons are one piece of work.
    private static let pieceSize = 32

    init(samples: [[Embedding]], forgeries: [[Embedding]], rule: IdentityReference.Rule) throws(IncomparableEmbeddings)
    {
        let embeddings = samples.flatMap(\.self) + forgeries.flatMap(\.self)
        for embedding in embeddings.dropFirst() { _ = try EmbeddingPair(embeddings[0], embedding) }
        self.embeddings = embeddings
        self.rule = rule
        matrix = DistanceMatrix(embeddings.flatMap(\.values), dimension: embeddings.first?.values.count ?? 1)
        var next = 0
        func rows(_ lists: [[Embedding]]) -> [Range<Int>] {
            lists.map { list in
                defer { next += list.count }
                return next..<next + list.count
            }
        }
        self.samples = rows(samples)
        self.forgeries = rows(forgeries)
        people = samples.enumerated().flatMap { person, list in list.map { _ in person } }
    }

    func comparisons(sampleCount: Int, maximumImpostors: Int) -> CalibrationSet.Comparisons {
        // None in two of them.
        let references = samples.enumerated().flatMap { person, rows in
            stride(from: rows.lowerBound, through: rows.upperBound - sampleCount, by: sampleCount)
                .map { Reference(person: person, samples: $0..<$0 + sampleCount) }
        }
        let impostors =
            references.reduce(0) { $0 + people.count - samples[$1.person].count } / (sampleCount == 1 ? 2 : 1)
        let share = min(1, Double(maximumImpostors) / Double(max(impostors, 1)))
        let pieces = concurrentMap((references.count + Self.pieceSize - 1) / Self.pieceSize) { piece in
            var found = CalibrationSet.Comparisons(genuine: [], impostor: [])
            for number in piece * Self.pieceSize..<min((piece + 1) * Self.pieceSize, references.count) {
                compare(references[number], share: share, into: &found)
            }
            return found
        }
        return CalibrationSet.Comparisons(
            genuine: pieces.flatMap(\.genuine), impostor: pieces.flatMap(\.impostor),
            skilled: pieces.flatMap(\.skilled),
            impostorPeople: pieces.flatMap(\.impostorPeople))
    }

    private func compare(_ reference: Reference, share: Double, into found: inout CalibrationSet.Comparisons) {
        let own = embeddings[reference.samples].map { $0.values[...] }
        // One sample is its own reference, and is not brought to another length.
        let vectors = own.count == 1 ? own.map(Array.init) : rule.vectors(of: own)
        let point = vectors.flatMap(matrix.padded), scale = rule.scale(of: own)
        func distance(_ row: Int) -> Double { Double(matrix.distance(from: row, toNearestOf: point)) * scale }
        // Between single samples the distance is the same both ways, so that each pair counts once.
        let first = reference.samples.count == 1 ? reference.samples.upperBound : 0
        var random = EvaluationRandom(UInt64(reference.samples.lowerBound), UInt64(reference.samples.count))
        for row in first..<people.count where !reference.samples.contains(row) {
            if people[row] == reference.person {
                found.genuine.append(distance(row))
            } else if share >= 1 || Double(random.next() >> 11) < share * 0x1p53 {
                found.impostor.append(distance(row))
                found.impostorPeople.append(SIMD2(UInt32(reference.person), UInt32(people[row])))
            }
        }
        guard forgeries.indices.contains(reference.person) else { return }
        for row in forgeries[reference.person] { found.skilled.append(distance(row)) }
    }
}
