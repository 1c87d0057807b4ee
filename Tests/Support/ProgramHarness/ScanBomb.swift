// SPDX-License-Identifier: Apache-2.0

/// Progressive JPEG files of one grey level whose scans say next to nothing and make a decoder go through all blocks
/// again.
package enum ScanBomb {
    /// How many scans there may be: 14 precisions of each of 63 coefficients.
    package static let mostScans = 1 + 63 * 14

    /// So many scans send the picture whole: the blocks' means, and all else in 14 precisions.
    package static let wholeScans = 15

    /// - Parameters:
    ///   - scans: how many, 1 to ``mostScans``; the first sends the blocks' means. With more than ``wholeScans`` each
    ///     coefficient has its own.
    ///   - isEnded: whether the file has its end marker.
    package static func file(width: Int, height: Int, scans: Int, isEnded: Bool = true) -> [UInt8] {
        let blocks = ((width + 7) / 8) * ((height + 7) / 8)
        func short(_ value: Int) -> [UInt8] {
            [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
        }
        var file: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0] + Array(repeating: 1, count: 64)
        file += [0xFF, 0xC2, 0, 11, 8] + short(height) + short(width) + [1, 1, 0x11, 0]
        // One code each: no difference of means; the rest of 2¹⁴ blocks and more is zero.
        file += huffmanTable(kind: 0x00, symbol: 0) + huffmanTable(kind: 0x10, symbol: 0xE0)
        file += startOfScan(0...0, from: 0, to: 0) + Array(repeating: 0, count: (blocks + 7) / 8)
        // The first scan of a coefficient tells it to 2¹³, each further one halves that.
        for scan in 0..<scans - 1 {
            let precision = 13 - scan % 14
            let coefficients = scans > wholeScans ? 1 + scan / 14...1 + scan / 14 : 1...63
            file += startOfScan(coefficients, from: scan % 14 == 0 ? 0 : precision + 1, to: precision)
            file += zeroRuns(blocks)
        }
        return isEnded ? file + [0xFF, 0xD9] : file
    }

    private static func huffmanTable(kind: UInt8, symbol: UInt8) -> [UInt8] {
        [0xFF, 0xC4, 0, 20, kind, 1] + Array(repeating: 0, count: 15) + [symbol]
    }

    private static func startOfScan(_ coefficients: ClosedRange<Int>, from high: Int, to low: Int) -> [UInt8] {
        [
            0xFF, 0xDA, 0, 8, 1, 1, 0, UInt8(coefficients.lowerBound), UInt8(coefficients.upperBound),
            UInt8(high << 4 | low),
        ]
    }

    /// Runs of zero blocks, each the code 0 and 14 bits of how many blocks beyond 2¹⁴; the last run goes beyond the
    /// picture.
    private static func zeroRuns(_ blocks: Int) -> [UInt8] {
        let runs = (blocks + (1 << 14) - 1) / (1 << 14)
        return Array(repeating: 0, count: (runs * 15 + 7) / 8)
    }
}
