// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A signature as a pad recorded it: where the pen was, and how hard it pressed, a hundred times a second.
///
/// Files are those of the First International Signature Verification Competition (SVC2004, task 2): a line with the
/// count of points, then for each point a line of seven whole numbers: x and y in hundredths of a millimetre, y
/// upwards; time in milliseconds; the pen's switches, of which the lowest bit is set where it is on the paper; azimuth,
/// altitude and pressure.
package struct PenRecording: Sendable, Hashable {
    package struct Point: Sendable, Hashable {
        /// In millimetres, y upwards.
        package let position: SIMD2<Double>
        package let isDown: Bool
        package let pressure: Double
    }

    /// Points a second. The times of the files are those at which points arrived, several at once, and tell less.
    static let rate = 100.0
    /// The most points of a recording: more than three minutes of writing.
    static let maximumPoints = 20_000
    static let maximumBytes = 2 << 20

    package let points: [Point]

    /// Why a file is none; a clause.
    package struct Defect: Error, CustomStringConvertible {
        package let description: String
    }

    static func read(_ path: String) throws -> PenRecording {
        try PenRecording(parsing: try BoundedFile.read(path, limit: maximumBytes, noun: "recording of a pen"))
    }

    package init(parsing bytes: [UInt8]) throws(Defect) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Defect(description: "it is no text, and a recording of a pen is")
        }
        let lines = text.split(whereSeparator: \.isNewline)
        guard let first = lines.first, let count = Int(first.trimmingCharacters(in: .whitespaces)),
            (1...Self.maximumPoints).contains(count)
        else {
            throw Defect(description: "its first line is not the count of its points, 1 to \(Self.maximumPoints)")
        }
        guard lines.count == count + 1 else {
            throw Defect(description: "its first line states \(count) points, and \(lines.count - 1) lines follow")
        }
        var points: [Point] = []
        points.reserveCapacity(count)
        for (index, line) in lines.dropFirst().enumerated() {
            let numbers = line.split(separator: " ").map { Int($0) }
            guard numbers.count == 7, !numbers.contains(nil) else {
                throw Defect(
                    description:
                        "line \(index + 2) is not x, y, time, button, azimuth, altitude and pressure, in whole numbers")
            }
            let values = numbers.compactMap { $0 }
            guard abs(values[0]) <= 100_000, abs(values[1]) <= 100_000, (0...255).contains(values[3]),
                (0...100_000).contains(values[6])
            else {
                throw Defect(
                    description: "line \(index + 2) has a place beyond a metre, or switches or a pressure out of range")
            }
            points.append(
                Point(
                    position: SIMD2(Double(values[0]), Double(values[1])) / 100, isDown: values[3] & 1 == 1,
                    pressure: Double(values[6])))
        }
        guard zip(points, points.dropFirst()).contains(where: { $0.isDown && $1.isDown && $0.position != $1.position })
        else {
            throw Defect(description: "the pen writes nothing")
        }
        self.points = points
    }
}
