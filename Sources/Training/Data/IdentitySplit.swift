// SPDX-License-Identifier: Apache-2.0

extension IdentityTable {
    /// Two parts of a data set with no identity in common.
    public struct Split: Sendable, Hashable {
        public let training: IdentityTable
        public let validation: IdentityTable
    }

    /// Holds out a share of the identities, and of those with forgeries as of those without.
    ///
    /// Identities that are one identity turned or mirrored (see ``VirtualIdentities``) stay together.
    /// - Parameter validationShare: In 0…1; at least one identity is held out and one is left where there are two.
    /// - Throws: ``DataSetError/tooLittle(reason:)`` when there are fewer than two identities.
    public func split(validationShare: Double, seed: UInt64) throws(DataSetError) -> Split {
        precondition((0...1).contains(validationShare))
        let families = shuffledFamilies(seed: seed)
        guard families.joined().count >= 2 else { throw tooFewIdentities(for: 2) }
        var heldOut: [[Identity]] = [], kept: [[Identity]] = [], owed = 0.0
        for family in families.joined() {
            // Spread over the list, which has those with forgeries first, so that both sorts give their share.
            owed += validationShare
            if owed >= 0.5 {
                owed -= 1
                heldOut.append(family)
            } else {
                kept.append(family)
            }
        }
        if heldOut.isEmpty { heldOut.append(kept.removeLast()) }
        if kept.isEmpty { kept.append(heldOut.removeLast()) }
        return Split(training: IdentityTable(kept.flatMap { $0 }), validation: IdentityTable(heldOut.flatMap { $0 }))
    }

    /// Cross-validation: each identity is held out once, and the sorts with and without forgeries are spread evenly.
    ///
    /// - Throws: ``DataSetError/tooLittle(reason:)`` when there are fewer identities than folds.
    public func folds(_ count: Int, seed: UInt64) throws(DataSetError) -> [Split] {
        precondition(count >= 2)
        let families = Array(shuffledFamilies(seed: seed).joined())
        guard families.count >= count else { throw tooFewIdentities(for: count) }
        return (0..<count).map { fold in
            let parts = Dictionary(grouping: families.enumerated()) { $0.offset % count == fold }
            return Split(
                training: IdentityTable((parts[false] ?? []).flatMap(\.element)),
                validation: IdentityTable((parts[true] ?? []).flatMap(\.element)))
        }
    }

    /// The families of identities that may not be parted, shuffled: those with forgeries, then those without.
    private func shuffledFamilies(seed: UInt64) -> [[[Identity]]] {
        var random = RandomSource(seed: seed)
        let families = Dictionary(grouping: identities, by: \.original)
            .sorted { $0.key < $1.key }.map(\.value)
        let hasForgeries = families.filter { $0.contains { !$0.forgeries.isEmpty } }
        let hasNone = families.filter { $0.allSatisfy(\.forgeries.isEmpty) }
        return [hasForgeries.shuffled(using: &random), hasNone.shuffled(using: &random)]
    }

    private func tooFewIdentities(for parts: Int) -> DataSetError {
        .tooLittle(
            reason:
                "\(count == 1 ? "1 identity" : "\(count) identities") cannot be parted into \(parts) without one in two parts; "
                + "add identities")
    }
}
