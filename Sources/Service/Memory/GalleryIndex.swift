// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Recognition
import VectorMath

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
        package fileprivate(set) var samples: [NumberedEmbedding]
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

    /// - Parameter precision: in which a search reads the references; nil for the one that is read fastest. What is
    ///   found is the same.
    package init(
        model: ModelDescription, generation: Int64, rule: IdentityReference.Rule, precision: RowPrecision? = nil
    ) {
        self.model = model
        self.generation = generation
        self.rule = rule
        matrix = ReferenceMatrix(columns: model.embeddingSize, precision: precision)
    }

    /// Takes what a generation holds, on all cores.
    ///
    /// - Throws: ``GalleryError/damagedRecord(_:)`` when an embedding is of another model.
    package init(
        _ content: GenerationEmbeddings, rule: IdentityReference.Rule, precision: RowPrecision? = nil
    ) throws(GalleryError) {
        self.init(
            model: content.generation.model, generation: content.generation.id, rule: rule, precision: precision)
        let enrolled = content.identities, model = model
        let parts = Cores.map(enrolled.count, atLeast: 256) { part in
            Result { () throws(GalleryError) in
                try enrolled[part].map { identity throws(GalleryError) in
                    try Self.reference(identity.name, identity.samples, rule, model)
                }
            }
        }
        var references: [IdentityReference] = []
        references.reserveCapacity(enrolled.count)
        for part in parts { references += try part.get() }
        identities.reserveCapacity(enrolled.count)
        var rows: [(reference: Int, vector: Int)] = []
        rows.reserveCapacity(enrolled.count)
        for (number, identity) in enrolled.enumerated() {
            let reference = references[number], first = rows.count, count = reference.references.count
            for vector in 0..<count { rows.append((number, vector)) }
            for _ in 0..<count { owners.append(identity.name) }
            identities[identity.name] = EnrolledReference(
                samples: identity.samples, reference: reference, rows: Array(first..<first + count))
        }
        matrix.fill(rows.count) { [rows, references] row in
            let reference = references[rows[row].reference]
            return (reference.references[rows[row].vector].values, reference.scale)
        }
    }

    /// How many references a search compares a probe with: one of each identity, or of each sample where the nearest
    /// counts.
    package var referenceCount: Int { matrix.rows }

    /// Whether the embedding is of this index's model.
    package func accepts(_ embedding: Embedding) -> Bool { Self.isOf(model, embedding) }

    private static func isOf(_ model: ModelDescription, _ embedding: Embedding) -> Bool {
        embedding.model == model.digest && embedding.values.count == model.embeddingSize
    }

    /// Puts what a generation holds of an identity in the place of what was there.
    ///
    /// - Throws: ``GalleryError/damagedRecord(_:)`` when an embedding is of another model.
    package mutating func replace(_ name: IdentityName, with samples: [NumberedEmbedding]) throws(GalleryError) {
        remove(name)
        guard !samples.isEmpty else { return }
        put(try Self.reference(name, samples, rule, model), samples, of: name)
    }

    /// - Throws: ``GalleryError/damagedRecord(_:)`` when an embedding is of another model.
    private static func reference(
        _ name: IdentityName, _ samples: [NumberedEmbedding], _ rule: IdentityReference.Rule, _ model: ModelDescription
    ) throws(GalleryError) -> IdentityReference {
        for sample in samples where !Self.isOf(model, sample.embedding) {
            throw .damagedRecord("sample \(sample.number) of “\(name)” has an embedding of another model")
        }
        do {
            return try IdentityReference(samples: samples.map(\.embedding), rule: rule)
        } catch {
            throw .damagedRecord("the samples of “\(name)”: \(error)")
        }
    }

    /// - Precondition: the embedding is one that the index ``accepts(_:)``.
    package mutating func insert(_ embedding: Embedding, sample: SampleReference) throws(IncomparableEmbeddings) {
        var samples = identities[sample.identity]?.samples ?? []
        samples.append(NumberedEmbedding(number: sample.number, embedding: embedding))
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

    /// The identities nearest to a probe, nearest first and by name where that is equal: what comparing the probe with
    /// every identity gives. All are looked at, and those that could be among the nearest are measured as a
    /// verification measures them: one probe, one distance.
    ///
    /// - Parameter cores: on how many threads a large gallery is searched, at the most.
    package func nearest(
        to probe: Embedding, limit: Int, excluding excluded: IdentityName? = nil, cores: Int = Cores.count
    ) throws(IncomparableEmbeddings) -> [Neighbor] {
        guard accepts(probe) else { throw IncomparableEmbeddings(first: probe.model, second: model.digest) }
        guard limit > 0 else { return [] }
        let found = matrix.offerRows(
            near: probe.values,
            to: NearestRows(
                limit: limit, owners: rule.point == .minimum ? owners : nil,
                excluding: excluded.flatMap { identities[$0]?.rows } ?? []),
            cores: cores)
        var neighbors: [Neighbor] = []
        for name in Set(found.rows.map { owners[$0] }) {
            guard let enrolled = identities[name] else { continue }
            neighbors.append(Neighbor(identity: name, distance: try enrolled.reference.distance(to: probe)))
        }
        return Array(
            neighbors.sorted { ($0.distance, $0.identity.text) < ($1.distance, $1.identity.text) }.prefix(limit))
    }

    private mutating func setSamples(
        _ samples: [NumberedEmbedding], of name: IdentityName
    ) throws(IncomparableEmbeddings) {
        guard !samples.isEmpty else { return remove(name) }
        put(try IdentityReference(samples: samples.map(\.embedding), rule: rule), samples, of: name)
    }

    private mutating func put(_ reference: IdentityReference, _ samples: [NumberedEmbedding], of name: IdentityName) {
        var rows = identities[name]?.rows ?? []
        let vectors = reference.references.map(\.values)
        for (row, vector) in zip(rows, vectors) { matrix.replace(row: row, by: (vector, reference.scale)) }
        for vector in vectors.dropFirst(rows.count) {
            rows.append(matrix.rows)
            owners.append(name)
            matrix.append((vector, reference.scale))
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
