// SPDX-License-Identifier: Apache-2.0

/// What was kept of a picture's ink as the signature.
struct SignatureInk {
    /// Holds all of it.
    let box: PixelBox
    /// How many connected pieces it has.
    let pieces: Int
    /// How many signatures it seems to be; see ``InkClusters``.
    let signatures: Int
}

/// Groups of ink that lie too far apart to be one signature.
enum InkClusters {
    /// A piece counts from this share of the ink on, and a group from the other.
    private static let leastPiece = 0.01
    private static let leastGroup = 0.15
    /// How far groups lie apart sideways and one above the other, in heights of the taller. Among 470 genuine
    /// signatures, first name and last name were at most 1.44 heights apart.
    private static let sideways = 2.0
    private static let upwards = 1.0

    static func count(of pieces: [(area: Int, box: PixelBox)]) -> Int {
        let total = Double(pieces.reduce(0) { $0 + $1.area })
        var groups = pieces.filter { Double($0.area) >= leastPiece * total }
        // At most a hundred pieces are so large. The nearest are joined first, so that far ones are told from a chain.
        while let (a, b) = nearest(groups) {
            groups[a].area += groups[b].area
            groups[a].box.include(groups[b].box)
            groups.remove(at: b)
        }
        return max(1, groups.count { Double($0.area) >= leastGroup * total })
    }

    /// The two groups that lie nearest to each other of those that are near enough to be one.
    private static func nearest(_ groups: [(area: Int, box: PixelBox)]) -> (Int, Int)? {
        var best: (Int, Int)?, least = 1.0
        for a in groups.indices {
            for b in groups.indices.dropFirst(a + 1) {
                let distance = distance(groups[a].box, groups[b].box)
                if distance <= least {
                    least = distance
                    best = (a, b)
                }
            }
        }
        return best
    }

    /// How far two boxes lie apart, 1 for what is just one signature.
    private static func distance(_ a: PixelBox, _ b: PixelBox) -> Double {
        let height = Double(max(a.height, b.height))
        let across = Double(max(0, a.left - b.right - 1, b.left - a.right - 1))
        let down = Double(max(0, a.top - b.bottom - 1, b.top - a.bottom - 1))
        return max(across / (sideways * height), down / (upwards * height))
    }
}
