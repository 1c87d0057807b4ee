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

    init(
        of embedding: Embedding, enrolledAs name: IdentityName, in index: GalleryIndex, threshold: Double, limit: Int
    ) throws(IncomparableEmbeddings) {
        others = try index.nearest(to: embedding, limit: limit, excluding: name).filter { $0.distance <= threshold }
        let own = try index.identities[name]?.reference.distance(to: embedding)
        unlikeOwn = own.flatMap { $0 <= threshold ? nil : $0 }
    }

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

extension WireWarning {
    init(duplicate: SampleReference) {
        self.init(
            kind: .duplicateSample,
            message:
                "the very same file is enrolled already, as sample \(duplicate.number) of “\(duplicate.identity)”; another picture would add more",
            identity: duplicate.identity.text, sample: duplicate.number)
    }
}
