// SPDX-License-Identifier: Apache-2.0

/// What one step of training is given: images of a cache, and what they are to each other.
public struct TrainingBatch: Sendable, Hashable {
    /// Indices into the ``ImageCache``; an image may occur more than once.
    public let images: [Int]
    /// For each image the number of its identity, from 0, in the ``IdentityTable`` that the sampler draws from.
    public let labels: [Int]
    /// For each image whether it is a forgery of the identity.
    public let isForgery: [Bool]
    /// For losses over pairs: places in ``images``. nil where the labels say all.
    public let pairs: [LabeledPair]?
    /// For each image the number of its episode, where a batch has several that are not compared with one another; nil
    /// where it is one.
    public let episodes: [Int]?

    /// - Precondition: `images`, `labels`, `isForgery` and `episodes` have as many elements, and pairs name places
    ///   among them.
    public init(images: [Int], labels: [Int], isForgery: [Bool], pairs: [LabeledPair]? = nil, episodes: [Int]? = nil) {
        precondition(labels.count == images.count && isForgery.count == images.count)
        precondition((episodes?.count ?? images.count) == images.count)
        precondition(
            pairs?.allSatisfy { images.indices.contains($0.first) && images.indices.contains($0.second) } ?? true)
        self.images = images
        self.labels = labels
        self.isForgery = isForgery
        self.pairs = pairs
        self.episodes = episodes
    }
}
