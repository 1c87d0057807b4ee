// SPDX-License-Identifier: Apache-2.0

/// Digits of three by five squares. Cairo, which plots are drawn by, needs a font that a host without a screen may lack.
enum DrawnDigits {
    /// Of a digit, in squares.
    static let width = 3
    static let height = 5

    /// Rows from above, three squares each.
    private static let squares: [UInt16] = [
        0b111_101_101_101_111, 0b010_110_010_010_111, 0b111_001_111_100_111, 0b111_001_111_001_111,
        0b101_101_111_001_001, 0b111_100_111_001_111, 0b111_100_111_101_111, 0b111_001_010_010_010,
        0b111_101_111_101_111, 0b111_101_111_001_111,
    ]

    /// The columns and rows of the squares of a number's digits, one column apart.
    static func squares(of number: Int) -> [(column: Int, row: Int)] {
        "\(number)".compactMap(\.wholeNumberValue).enumerated().flatMap { position, digit in
            (0..<width * height).filter { squares[digit] >> (width * height - 1 - $0) & 1 == 1 }.map {
                (column: position * (width + 1) + $0 % width, row: $0 / width)
            }
        }
    }
}
