// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Recognition
import Training

/// What the networks made of the images of several sets.
struct EmbeddedSets: Sendable {
    struct Member: Sendable {
        /// For each image its embedding, or why it has none; neither where no network measures it.
        var embeddings: [Embedding?]
        var refusals: [String?]
        /// For each network the images that it embedded, but for those of an identity that repeat one before.
        var rows: [[Int]] = []
        /// Pictures that were seen, of which identity, and whether as forgeries.
        fileprivate var seen: Set<Seen> = []
    }

    fileprivate struct Seen: Hashable {
        let identity: String
        let kind: LabeledImage.Kind
        let picture: SampleAcquisition.PictureDigest
    }

    /// An image by the number of its set.
    struct Position: Sendable {
        let set: Int
        let image: Int
    }

    let data: [EvaluationData]
    /// What each set is in the cross-validation; nil where that is not known.
    private let sources: [String?]
    private(set) var members: [Member]

    init(_ data: [EvaluationData], sources: [String?]) {
        self.data = data
        self.sources = sources
        members = data.map {
            Member(
                embeddings: Array(repeating: nil, count: $0.images.count),
                refusals: Array(repeating: nil, count: $0.images.count))
        }
    }

    /// The images of the identities that are chosen.
    func images(where isChosen: (_ identity: String, _ source: String?) -> Bool) -> [Position] {
        data.indices.flatMap { set in
            data[set].images.indices.filter { isChosen(data[set].images[$0].identity, sources[set]) }.map {
                Position(set: set, image: $0)
            }
        }
    }

    /// Takes what one network made of some images.
    mutating func add(_ outcomes: [SampleAcquisition.Outcome], of positions: [Position]) {
        for set in members.indices { members[set].rows.append([]) }
        for (position, outcome) in zip(positions, outcomes) {
            switch outcome {
            case .embedding(let embedding, let picture):
                members[position.set].embeddings[position.image] = embedding
                let image = data[position.set].images[position.image]
                let seen = Seen(identity: image.identity, kind: image.kind, picture: picture)
                guard members[position.set].seen.insert(seen).inserted else { continue }
                members[position.set].rows[members[position.set].rows.count - 1].append(position.image)
            case .refused(let reason): members[position.set].refusals[position.image] = reason
            }
        }
    }
}
