// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Recognition

/// The enrolled embeddings of one modality, in memory. A value: who holds one sees one state of the gallery.
package struct GalleryIndex: Sendable {
    package let model: ModelDescription
    /// The number of the generation, as the store gave it.
    package let generation: Int64
    package let rule: IdentityReference.Rule
    package private(set) var identities: [IdentityName: EnrolledReference] = [:]
    /// Every reference of every identity, and whose each row is.
    private var matrix: ReferenceMatrix
    private var owners: [IdentityName] = []

    /// What is enrolled for one identity.
    package struct EnrolledReference: Sendable {
        /// By sample number; never empty.
        package fileprivate(set) var samples: [(number: Int, embedding: Embedding)]
        package fileprivate(set) var reference: IdentityReference
        /// Where the reference stands in the matrix.
        fileprivate var rows: [Int] = []
    }

    /// An identity and its distance to a probe.
    package struct Neighbor: Sendable, Hashable {
        package let identity: IdentityName
        package let distance: Double

        package init(identity: IdentityName, distance: Double) {
            self.identity = identity
            self.distance = distance
        }
    }

    package init(model: ModelDescription, generation: Int64, rule: IdentityReference.Rule) {
        self.model = model
        self.generation = generation
        self.rule = rule
        matrix = ReferenceMatrix(columns: model.embeddingSize)
    }

    /// Whether the embedding is of this index's model.
    package func accepts(_ embedding: Embedding) -> Bool {
        embedding.model == model.digest && embedding.values.count == model.embeddingSize
    }

    /// - Precondition: the embedding is one that the index ``accepts(_:)``.
    package mutating func insert(_ embedding: Embedding, sample: SampleReference) throws(IncomparableEmbeddings) {
        var samples = identities[sample.identity]?.samples ?? []
        samples.append((sample.number, embedding))
        try setSamples(samples, of: sample.identity)
    }

    package mutating func remove(sample: SampleReference) throws(IncomparableEmbeddings) {
        guard let enrolled = identities[sample.identity] else { return }
        try setSamples(enrolled.samples.filter { $0.number != sample.number }, of: sample.identity)
    }

    package mutating func remove(_ name: IdentityName) {
        guard let enrolled = identities.removeValue(forKey: name) else { return }
        for row in enrolled.rows.sorted(by: >) { remove(row: row) }
    }

    /// The identities nearest to a probe, nearest first and by name where that is equal. Every reference is
    /// looked at.
    package func nearest(
        to probe: Embedding, limit: Int, excluding excluded: IdentityName? = nil
    ) throws(IncomparableEmbeddings) -> [Neighbor] {
        guard accepts(probe) else { throw IncomparableEmbeddings(first: probe.model, second: model.digest) }
        let squares = matrix.weightedSquares(to: probe.values)
        var nearest = NearestOwners(limit: limit, rowsAreUnique: rule.point != .minimum)
        squares.forEach(atMost: nearest.bound) { row, square in
            if owners[row] != excluded { nearest.offer(owners[row], square) }
            return nearest.bound
        }
        // Sums of another order round otherwise. Whatever could be among the nearest is measured as a verification
        // measures it: one probe, one distance.
        let bound = nearest.bound * (1 + 4 * Float(matrix.columns + 8) * Float.ulpOfOne)
        var candidates: Set<IdentityName> = []
        squares.forEach(atMost: bound) { row, _ in
            candidates.insert(owners[row])
            return bound
        }
        if let excluded { candidates.remove(excluded) }
        var neighbors: [Neighbor] = []
        for name in candidates {
            guard let enrolled = identities[name] else { continue }
            neighbors.append(Neighbor(identity: name, distance: try enrolled.reference.distance(to: probe)))
        }
        return Array(
            neighbors.sorted { ($0.distance, $0.identity.text) < ($1.distance, $1.identity.text) }.prefix(limit))
    }

    private mutating func setSamples(
        _ samples: [(number: Int, embedding: Embedding)], of name: IdentityName
    ) throws(IncomparableEmbeddings) {
        guard !samples.isEmpty else { return remove(name) }
        let reference = try IdentityReference(samples: samples.map(\.embedding), rule: rule)
        var rows = identities[name]?.rows ?? []
        let vectors = reference.references.map(\.values), weight = Float(reference.scale * reference.scale)
        for (row, vector) in zip(rows, vectors) { matrix.replace(row: row, by: vector, weight: weight) }
        for vector in vectors.dropFirst(rows.count) {
            rows.append(matrix.rows)
            owners.append(name)
            matrix.append(vector, weight: weight)
        }
        let surplus = rows.dropFirst(vectors.count)
        identities[name] = EnrolledReference(
            samples: samples, reference: reference, rows: Array(rows.prefix(vectors.count)))
        for row in surplus.sorted(by: >) { remove(row: row) }
    }

    /// Takes out a row that belongs to nobody any more. The last row takes its place.
    private mutating func remove(row: Int) {
        let last = matrix.rows - 1
        if row != last {
            let moved = owners[last]
            owners[row] = moved
            if let place = identities[moved]?.rows.firstIndex(of: last) { identities[moved]?.rows[place] = row }
        }
        owners.removeLast()
        matrix.removeBySwapping(row: row)
    }
}

/// The squared distances of the nearest identities among rows that are offered one after another.
private struct NearestOwners {
    private let limit: Int
    /// Whether no identity has two rows.
    private let rowsAreUnique: Bool
    private var found: [(owner: IdentityName, square: Float)] = []
    /// Nothing farther is among the nearest.
    private(set) var bound = Float.infinity

    init(limit: Int, rowsAreUnique: Bool) {
        self.limit = limit
        self.rowsAreUnique = rowsAreUnique
        if limit <= 0 { bound = -1 }
    }

    /// - Precondition: the square is no more than ``bound``.
    mutating func offer(_ owner: IdentityName, _ square: Float) {
        // Of several rows of one identity the nearest counts.
        if !rowsAreUnique, let known = found.firstIndex(where: { $0.owner == owner }) {
            guard square < found[known].square else { return }
            found.remove(at: known)
        }
        let offset = found.firstIndex { square < $0.square } ?? found.count
        found.insert((owner, square), at: offset)
        if found.count > limit { found.removeLast() }
        if found.count == limit { bound = found[limit - 1].square }
    }
}
