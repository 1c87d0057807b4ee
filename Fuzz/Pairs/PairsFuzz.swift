// SPDX-License-Identifier: Apache-2.0

import FuzzSupport
import Training

/// A list of pairs in CSV, as `enroll evaluate` and recipes read it.
@main enum PairsFuzz: FuzzTarget {
    private static let place = InputPlace("pairs.csv")
    /// Files that rows can name.
    private static let images = ["a.png", "b.png", "c.png"].map { InputPlace($0) }

    static func prepare() throws {
        for image in images { try image.write([0]) }
    }

    static func read(_ input: [UInt8]) throws {
        try place.write(input)
        // However few rows are good.
        var limits = PairList.Limits()
        limits.maximumBadShare = 1
        _ = try PairList.read(place.path, limits: limits)
    }
}
