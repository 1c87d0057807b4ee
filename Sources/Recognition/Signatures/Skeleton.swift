// SPDX-License-Identifier: Apache-2.0

/// Strokes thinned to lines of one pixel (Zhang and Suen, *A fast parallel algorithm for thinning digital patterns*,
/// 1984).
enum Skeleton {
    static func of(_ mask: InkMask) -> InkMask {
        guard mask.width > 2, mask.height > 2 else { return mask }
        var isInk = mask.isInk, ink = isInk.indices.filter { isInk[$0] }
        var hasChanged = true
        // Each round takes a pixel off both sides of every stroke, so that rounds are fewer than half the width.
        while hasChanged {
            hasChanged = false
            for isSecond in [false, true] {
                let removed = ink.filter { isRemovable($0, isInk, mask, isSecond: isSecond) }
                for position in removed { isInk[position] = false }
                if !removed.isEmpty {
                    hasChanged = true
                    ink = ink.filter { isInk[$0] }
                }
            }
        }
        return InkMask(width: mask.width, height: mask.height, isInk: isInk)
    }

    private static func isRemovable(_ position: Int, _ isInk: [Bool], _ mask: InkMask, isSecond: Bool) -> Bool {
        let (y, x) = position.quotientAndRemainder(dividingBy: mask.width)
        func ink(_ dx: Int, _ dy: Int) -> Bool {
            let x = x + dx, y = y + dy
            return x >= 0 && y >= 0 && x < mask.width && y < mask.height && isInk[y * mask.width + x]
        }
        // Clockwise from above.
        let ring = [ink(0, -1), ink(1, -1), ink(1, 0), ink(1, 1), ink(0, 1), ink(-1, 1), ink(-1, 0), ink(-1, -1)]
        let count = ring.count { $0 }
        guard (2...6).contains(count) else { return false }
        let rises = (0..<8).count { !ring[$0] && ring[($0 + 1) % 8] }
        guard rises == 1 else { return false }
        let (north, east, south, west) = (ring[0], ring[2], ring[4], ring[6])
        return isSecond
            ? !(north && east && west) && !(north && south && west)
            : !(north && east && south) && !(east && south && west)
    }
}
