// SPDX-License-Identifier: Apache-2.0

/// Finds the known name that a mistyped one was meant to be.
package enum NearestName {
    /// The known name with the smallest edit distance, if at most a third of the name's length (and at least
    /// two edits) would have to change; nil otherwise.
    package static func of(_ name: String, among known: [String]) -> String? {
        // A name far longer than any setting is not worth a quadratic comparison.
        guard name.count <= 64 else { return nil }
        let limit = max(2, name.count / 3)
        return known.map { (name: $0, edits: edits(name, $0)) }
            .filter { $0.edits <= limit && $0.edits < $0.name.count }
            .min { ($0.edits, $0.name) < ($1.edits, $1.name) }?.name
    }

    /// Levenshtein's distance, letter case apart.
    private static func edits(_ first: String, _ second: String) -> Int {
        let first = Array(first.lowercased()), second = Array(second.lowercased())
        var row = Array(0...second.count)
        for (index, character) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in second.indices {
                let substituted = diagonal + (character == second[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, row[column] + 1, diagonal + 1)
            }
        }
        return row[second.count]
    }
}
