// SPDX-License-Identifier: Apache-2.0

extension PairList {
    /// Two parts of a list with no identity in common, over the same images.
    public struct Split: Sendable {
        public let training: PairList
        public let validation: PairList
        /// How many pairs are in neither, because their images are in different parts.
        public let crossing: Int
    }

    /// Holds out a share of the identities.
    ///
    /// Where the pairs fall into groups of images that share none, and none of the groups is larger than the smaller
    /// part, whole groups are held out and no pair is lost. Otherwise identities are, and pairs across the two parts
    /// are in neither. An image that no pair calls the same as another (a forgery, it may be) goes with the first image
    /// that it is compared with.
    /// - Parameter validationShare: In 0…1.
    /// - Throws: ``DataSetError/tooLittle(reason:)`` when one part would be without pairs.
    public func split(validationShare: Double, seed: UInt64) throws(DataSetError) -> Split {
        precondition((0...1).contains(validationShare))
        let groups = unitsThatStayTogether(smallestShare: min(validationShare, 1 - validationShare), seed: seed)
        let used = groups.reduce(0) { $0 + $1.count }
        var isHeldOut = Array(repeating: false, count: images.count), count = 0
        for group in groups where Double(count) + Double(group.count) / 2 <= validationShare * Double(used) {
            for image in group { isHeldOut[image] = true }
            count += group.count
        }
        return try split(isHeldOut)
    }

    /// Cross-validation: each identity is held out once. See ``split(validationShare:seed:)`` for what stays together.
    ///
    /// - Throws: ``DataSetError/tooLittle(reason:)`` when a part would be without pairs.
    public func folds(_ count: Int, seed: UInt64) throws(DataSetError) -> [Split] {
        precondition(count >= 2)
        var folds = Array(repeating: (images: [Int](), size: 0), count: count)
        for group in unitsThatStayTogether(smallestShare: 1 / Double(count), seed: seed) {
            // To the smallest fold, the first of several.
            guard let smallest = folds.indices.min(by: { folds[$0].size < folds[$1].size }) else { continue }
            folds[smallest].images += group
            folds[smallest].size += group.count
        }
        var splits: [Split] = []
        for fold in folds {
            var isHeldOut = Array(repeating: false, count: images.count)
            for image in fold.images { isHeldOut[image] = true }
            splits.append(try split(isHeldOut))
        }
        return splits
    }

    private func split(_ isHeldOut: [Bool]) throws(DataSetError) -> Split {
        let training = pairs.filter { !isHeldOut[$0.first] && !isHeldOut[$0.second] }
        let validation = pairs.filter { isHeldOut[$0.first] && isHeldOut[$0.second] }
        guard !training.isEmpty, !validation.isEmpty else {
            throw .tooLittle(
                reason: "the pairs cannot be parted without an identity in both parts or a part without pairs; "
                    + "add identities, or name a list to validate on")
        }
        return Split(
            training: PairList(images: images, pairs: training, report: report),
            validation: PairList(images: images, pairs: validation, report: report),
            crossing: pairs.count - training.count - validation.count)
    }

    /// The images that occur in pairs, in shuffled groups that may not be parted.
    private func unitsThatStayTogether(smallestShare: Double, seed: UInt64) -> [[Int]] {
        var random = RandomSource(seed: seed)
        let used = Set(pairs.flatMap { [$0.first, $0.second] }).sorted()
        func groups(_ sets: consuming DisjointSets) -> [[Int]] {
            var sets = sets
            return Dictionary(grouping: used) { sets.root(of: $0) }.sorted { $0.key < $1.key }.map(\.value)
        }
        var connected = DisjointSets(count: images.count)
        for pair in pairs { connected.join(pair.first, pair.second) }
        let whole = groups(connected)
        if Double(whole.map(\.count).max() ?? 0) <= smallestShare * Double(used.count) {
            return whole.shuffled(using: &random)
        }

        var identities = DisjointSets(count: images.count), isAlone = Array(repeating: true, count: images.count)
        for pair in pairs where pair.isSame {
            identities.join(pair.first, pair.second)
            (isAlone[pair.first], isAlone[pair.second]) = (false, false)
        }
        var isPlaced = isAlone.map { !$0 }
        for pair in pairs where !pair.isSame {
            // Only to images of an identity with several, or one chain of lone images could draw all together.
            for (image, other) in [(pair.first, pair.second), (pair.second, pair.first)]
            where !isPlaced[image] && !isAlone[other] {
                identities.join(image, other)
                isPlaced[image] = true
            }
        }
        return groups(identities).shuffled(using: &random)
    }
}
