// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// Which rows may be those of the nearest identities, of rows whose distances are known to lie between two bounds.
struct NearestRows: Sendable {
    private let limit: Int
    /// Whose the rows are; nil where no two are of one identity.
    private let owners: [IdentityName]?
    /// Rows that do not count.
    private let excluded: [Int]
    /// The rows with the least greatest distances, one of each identity.
    private var found: [(row: Int, most: Double)] = []
    private var candidates: [(row: Int, least: Double)] = []
    /// A row that is farther than this at the least is not among the nearest.
    private(set) var bound = Double.infinity

    init(limit: Int, owners: [IdentityName]?, excluding excluded: [Int]) {
        self.limit = limit
        self.owners = owners
        self.excluded = excluded
        if limit <= 0 { bound = -1 }
    }

    /// - Parameters:
    ///   - least: the least that the distance may be.
    ///   - most: the greatest.
    mutating func offer(_ row: Int, least: Double, most: Double) {
        guard least <= bound, !excluded.contains(row) else { return }
        candidates.append((row, least))
        find(row, most)
    }

    /// Takes what was offered to another, of the same rows.
    mutating func add(_ other: NearestRows) {
        for (row, most) in other.found { find(row, most) }
        candidates += other.candidates
    }

    /// The rows among which all those of the nearest are.
    var rows: [Int] { candidates.lazy.filter { $0.least <= bound }.map(\.row) }

    private mutating func find(_ row: Int, _ most: Double) {
        guard most <= bound else { return }
        // Of several rows of one identity the nearest counts.
        if let owners, let known = found.firstIndex(where: { owners[$0.row] == owners[row] }) {
            guard most < found[known].most else { return }
            found.remove(at: known)
        }
        found.insert((row, most), at: found.firstIndex { most < $0.most } ?? found.count)
        if found.count > limit { found.removeLast() }
        if found.count == limit, let last = found.last { bound = last.most }
    }
}
