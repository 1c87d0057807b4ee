// SPDX-License-Identifier: Apache-2.0

/// Where the keys and tables of a TOML text stand, by their names with the tables they stand in, which are parted by
/// dots. The members of an array are `name[0]`, `name[1]` and so on.
package struct TOMLLines: Sendable {
    private var lines: [String: Int] = [:]

    /// The first line counts for a table that several open.
    mutating func note(_ name: String, line: Int) {
        if lines[name] == nil { lines[name] = line }
    }

    /// The line of a table or a value.
    package func line(of name: String) -> Int? { lines[name] }

    /// - Parameter table: empty for the top.
    package func line(of key: String, in table: String) -> Int? {
        lines[table.isEmpty ? key : "\(table).\(key)"]
    }
}
