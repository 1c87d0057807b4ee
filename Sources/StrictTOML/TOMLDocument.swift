// SPDX-License-Identifier: Apache-2.0

import TOMLKit

/// A TOML text that was read: the values, and the lines that they stand in.
package struct TOMLDocument: Sendable {
    package let values: [String: TOMLItem]
    package let lines: TOMLLines

    /// Reads a text that may come from anybody: it goes to the parser only when its size, its depth and the number of
    /// its values are within ``TOMLLimits``.
    ///
    /// - Parameter limit: the most bytes.
    /// - Throws: ``TOMLProblem/syntax(line:reason:)``.
    package init(parsing text: String, atMost limit: Int) throws(TOMLProblem) {
        guard text.utf8.count <= limit else {
            throw .syntax(line: 1, reason: "the text is larger than \(limit) bytes")
        }
        lines = try TOMLScan.lines(of: text)
        values = try ParsedTexts.shared.values(of: text) { () throws(TOMLProblem) in
            do {
                return TOMLItem.table(try TOMLTable(string: text))
            } catch let error as TOMLParseError {
                throw .syntax(line: error.source.begin.line, reason: "this is not TOML: \(error.description)")
            } catch {
                throw .syntax(line: 1, reason: "this is not TOML: \(error)")
            }
        }
    }
}
