// SPDX-License-Identifier: Apache-2.0

/// A way to walk over a picture: along a line and across it.
enum LineDirection: CaseIterable {
    case horizontal, vertical

    func length(_ mask: InkMask) -> Int { self == .horizontal ? mask.width : mask.height }
    func breadth(_ mask: InkMask) -> Int { self == .horizontal ? mask.height : mask.width }
    func position(_ mask: InkMask, along: Int, across: Int) -> Int {
        self == .horizontal ? across * mask.width + along : along * mask.width + across
    }
}
