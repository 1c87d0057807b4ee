// SPDX-License-Identifier: Apache-2.0

/// The pixels from `left` and `top` up to and with `right` and `bottom`.
struct PixelBox: Equatable {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int

    var width: Int { right - left + 1 }
    var height: Int { bottom - top + 1 }

    mutating func include(_ other: PixelBox) {
        left = min(left, other.left)
        top = min(top, other.top)
        right = max(right, other.right)
        bottom = max(bottom, other.bottom)
    }

    /// How many pixels lie between two boxes in the direction in which they are farther apart; 0 where they meet.
    func gap(to other: PixelBox) -> Int {
        max(0, max(left - other.right, other.left - right, top - other.bottom, other.top - bottom) - 1)
    }
}
