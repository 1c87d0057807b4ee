// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface

extension WireMeasurement {
    /// The same with a value of one or two digits, rounded away from the limit that it misses or keeps, so that it can
    /// still be seen on which side it is and not how near: an exact value would tell what each small change of a
    /// picture does.
    package var roundedAwayFromLimit: WireMeasurement {
        let isAbove: Bool
        switch (minimum, maximum) {
        case (let minimum?, _) where value < minimum: isAbove = false
        case (_, let maximum?) where value > maximum: isAbove = true
        case (nil, _?): isAbove = false
        case (_?, nil): isAbove = true
        // Between two limits, away from the nearer one.
        case (let minimum?, let maximum?): isAbove = value - minimum < maximum - value
        case (nil, nil): isAbove = value > 0
        }
        return WireMeasurement(
            quantity: quantity, value: Self.rounded(value, up: isAbove), minimum: minimum, maximum: maximum)
    }

    private static func rounded(_ value: Double, up: Bool) -> Double {
        guard value.isFinite, value != 0 else { return value }
        // Two digits below 100, none after the point above: as much as a person needs to take a better picture.
        let step = pow(10, (log10(abs(value))).rounded(.down) - 1)
        let count = value / step
        return (up ? count.rounded(.up) : count.rounded(.down)) * step
    }
}
