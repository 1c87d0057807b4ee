// SPDX-License-Identifier: Apache-2.0

/// Rows under headings, in columns as wide as what stands in them.
public struct TextTable: Sendable {
    public enum Alignment: Sendable {
        case left
        /// For numbers.
        case right
    }

    public struct Column: Sendable {
        let heading: String
        let alignment: Alignment

        public init(_ heading: String, _ alignment: Alignment = .left) {
            self.heading = heading
            self.alignment = alignment
        }
    }

    private let columns: [Column]
    private let rows: [[String]]

    /// - Parameter rows: One text a column; texts beyond the last column are left out.
    public init(columns: [Column], rows: [[String]]) {
        self.columns = columns
        self.rows = rows
    }

    /// The heading and the rows, each ended by a line feed. No row ends in blanks, and what is in a cell cannot
    /// control the terminal.
    public var text: String {
        let cells = ([columns.map(\.heading)] + rows).map { $0.map(PrintableText.of) }
        let widths = columns.indices.map { column in
            cells.reduce(0) { max($0, column < $1.count ? DisplayWidth.of($1[column]) : 0) }
        }
        return cells.map { row in
            let padded = zip(columns.indices, row).map { column, cell in
                let blanks = String(repeating: " ", count: widths[column] - DisplayWidth.of(cell))
                return columns[column].alignment == .left ? cell + blanks : blanks + cell
            }
            return Self.trimmed(padded.joined(separator: "  ")) + "\n"
        }.joined()
    }

    private static func trimmed(_ line: String) -> Substring {
        var line = line[...]
        while line.last == " " { line.removeLast() }
        return line
    }
}

/// Names and values below each other.
public enum FieldList {
    /// A line `  name   value` for each, the values in one column. A value's further lines stand below it.
    public static func text(_ fields: [(name: String, value: String)]) -> String {
        let width = fields.map { DisplayWidth.of($0.name) }.max() ?? 0
        return fields.map { field in
            let indent = String(repeating: " ", count: width + 4)
            let blanks = String(repeating: " ", count: width - DisplayWidth.of(field.name) + 2)
            let lines = PrintableText.ofLines(field.value).split(separator: "\n", omittingEmptySubsequences: false)
            return "  \(field.name)\(blanks)" + lines.joined(separator: "\n" + indent) + "\n"
        }.joined()
    }
}
