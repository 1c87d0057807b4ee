// SPDX-License-Identifier: Apache-2.0

/// Pairs of images that are said to be of one identity or of two.
///
/// A list states no identities. Images that pairs call the same, directly or over others, are one identity here, named
/// after its first image; an image that no pair calls the same as another is an identity of its own.
public struct PairList: Sendable {
    public let images: [LabeledImage]
    /// Places in ``images``.
    public let pairs: [LabeledPair]
    /// The rows that were read, and those that were left out.
    public let report: DataReport

    init(images: [LabeledImage], pairs: [LabeledPair], report: DataReport) {
        self.images = images
        self.pairs = pairs
        self.report = report
    }

    /// For each image the number of its identity, from 0, in the order of the identities' names.
    public var labels: [Int] {
        let names = Set(images.map(\.identity)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        return images.compactMap { numbers[$0.identity] }
    }

    /// The same pairs over a cache that was made from ``images``, without those whose images it left out.
    public func placed(in cache: ImageCache) -> PairList {
        precondition(cache.positions.count == images.count, "the cache was made from other images")
        let placed = pairs.compactMap { pair -> LabeledPair? in
            guard let first = cache.positions[pair.first], let second = cache.positions[pair.second] else { return nil }
            return LabeledPair(first: first, second: second, isSame: pair.isSame)
        }
        var report = report
        if placed.count < pairs.count {
            report.remark(
                "\(pairs.count - placed.count) of \(pairs.count) pairs fall away with the images that were left out")
        }
        return PairList(images: cache.images, pairs: placed, report: report)
    }
}
