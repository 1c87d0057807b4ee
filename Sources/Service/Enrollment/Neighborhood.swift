// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition

/// Who is near a sample that is about to be enrolled.
struct Neighborhood: Sendable {
    /// Other identities within the threshold, nearest first.
    let others: [GalleryIndex.Neighbor]
    /// The distance to the identity's own samples, where that is beyond the threshold.
    let unlikeOwn: Double?

    /// The most identities that are warned of.
    private static let limit = 5

    /// - Parameter earlier: further samples that are about to be the identity's.
    init(
        of embedding: Embedding, enrolledAs name: IdentityName, with earlier: [Embedding] = [], in index: GalleryIndex,
        threshold: Double
    ) throws(IncomparableEmbeddings) {
        let others = try index.nearest(to: embedding, limit: Self.limit, excluding: name)
        let own = try index.distance(of: embedding, to: name, with: earlier)
        self.init(others: others, own: own, threshold: threshold)
    }

    /// - Parameter sample: which it is, in the index too, and shall not be for much longer.
    init(
        of embedding: Embedding, movedFrom sample: SampleReference, to name: IdentityName, in index: GalleryIndex,
        threshold: Double
    ) throws(IncomparableEmbeddings) {
        // It is near itself: what it leaves behind is looked at without it.
        var others = try index.nearest(to: embedding, limit: Self.limit + 1, excluding: name)
            .filter { $0.identity != sample.identity }
        let left = try index.distance(of: embedding, to: sample.identity, without: sample.number)
        if let left { others.append(GalleryIndex.Neighbor(identity: sample.identity, distance: left)) }
        others.sort { ($0.distance, $0.identity.text) < ($1.distance, $1.identity.text) }
        let own = try index.distance(of: embedding, to: name)
        self.init(others: Array(others.prefix(Self.limit)), own: own, threshold: threshold)
    }

    private init(others: [GalleryIndex.Neighbor], own: Double?, threshold: Double) {
        self.init(
            others: others.filter { $0.distance <= threshold }, unlikeOwn: own.flatMap { $0 <= threshold ? nil : $0 })
    }

    private init(others: [GalleryIndex.Neighbor], unlikeOwn: Double?) {
        self.others = others
        self.unlikeOwn = unlikeOwn
    }

    /// What somebody may be told who is not told who else is enrolled.
    var withoutOthers: Neighborhood { Neighborhood(others: [], unlikeOwn: unlikeOwn) }

    /// The identities of which the warnings tell something.
    func told(of name: IdentityName) -> [IdentityName] {
        others.map(\.identity) + (unlikeOwn == nil ? [] : [name])
    }

    func warnings(for name: IdentityName, withDistances: Bool) -> [WireWarning] {
        var warnings = others.map { other in
            WireWarning(
                kind: .nearIdentity,
                message:
                    "the sample is so near “\(other.identity)” that it would be taken for them; check that they are not one person",
                identity: other.identity.text, distance: withDistances ? other.distance.onTheWire : nil)
        }
        if let unlikeOwn {
            warnings.append(
                WireWarning(
                    kind: .unlikeOwnSamples,
                    message: "the sample is unlike the other samples of “\(name)”; check that it shows the same person",
                    identity: name.text, distance: withDistances ? unlikeOwn.onTheWire : nil))
        }
        return warnings
    }
}

extension GalleryIndex {
    /// The distance to an identity as it would be with further samples, or without one of those that it has; nil where
    /// it would have none.
    fileprivate func distance(
        of embedding: Embedding, to name: IdentityName, with others: [Embedding] = [], without number: Int? = nil
    ) throws(IncomparableEmbeddings) -> Double? {
        let known = identities[name]
        if others.isEmpty, number == nil { return try known?.reference.distance(to: embedding) }
        let samples = (known?.samples ?? []).filter { $0.number != number }.map(\.embedding) + others
        guard !samples.isEmpty else { return nil }
        return try IdentityReference(samples: samples, rule: rule).distance(to: embedding)
    }
}

extension WireWarning {
    init(duplicate: SampleReference) {
        self.init(
            kind: .duplicateSample,
            message:
                "the very same file is enrolled already, as sample \(duplicate.number) of “\(duplicate.identity)”; another picture would add more",
            identity: duplicate.identity.text, sample: duplicate.number)
    }
}
