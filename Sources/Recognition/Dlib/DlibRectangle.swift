// SPDX-License-Identifier: Apache-2.0

import Imaging

/// A rectangle of whole pixels with inclusive corners, as dlib counts them.
package struct DlibRectangle: Equatable {
    package var left: Int
    package var top: Int
    package var right: Int
    package var bottom: Int

    package init(left: Int, top: Int, right: Int, bottom: Int) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    /// A rectangle of a size with its corner at the origin.
    init(width: Int, height: Int) {
        self.init(left: 0, top: 0, right: width - 1, bottom: height - 1)
    }

    /// Rounds the corners to the nearest pixel; returns nil when one is not a sensible number.
    init?(left: Double, top: Double, right: Double, bottom: Double) {
        guard let left = nearestPixel(left), let top = nearestPixel(top),
            let right = nearestPixel(right), let bottom = nearestPixel(bottom)
        else { return nil }
        self.init(left: left, top: top, right: right, bottom: bottom)
    }

    package var isEmpty: Bool { left > right || top > bottom }
    package var width: Int { isEmpty ? 0 : right - left + 1 }
    package var height: Int { isEmpty ? 0 : bottom - top + 1 }
    var area: Double { Double(width) * Double(height) }

    func contains(x: Int, y: Int) -> Bool {
        x >= left && x <= right && y >= top && y <= bottom
    }

    func moved(x: Int, y: Int) -> DlibRectangle {
        DlibRectangle(left: left + x, top: top + y, right: right + x, bottom: bottom + y)
    }

    package func intersection(_ other: DlibRectangle) -> DlibRectangle {
        DlibRectangle(
            left: max(left, other.left), top: max(top, other.top),
            right: min(right, other.right), bottom: min(bottom, other.bottom))
    }

    /// The smallest rectangle around both.
    func union(_ other: DlibRectangle) -> DlibRectangle {
        if other.isEmpty { return self }
        if isEmpty { return other }
        return DlibRectangle(
            left: min(left, other.left), top: min(top, other.top),
            right: max(right, other.right), bottom: max(bottom, other.bottom))
    }
}

/// The nearest whole number, halves upwards; nil for what is no coordinate of any image.
func nearestPixel(_ coordinate: Double) -> Int? {
    let rounded = (coordinate + 0.5).rounded(.down)
    guard rounded.magnitude < 1e9 else { return nil }
    return Int(rounded)
}
