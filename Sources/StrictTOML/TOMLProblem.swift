// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a TOML text, and on which line.
package enum TOMLProblem: Error, Sendable, Hashable {
    /// It is not TOML, or goes beyond what is read; the reason is a sentence without its end.
    case syntax(line: Int, reason: String)
    /// A key that nobody reads, with the known one that it was probably meant to be. Keys are named with the tables
    /// they stand in.
    case unknownKey(key: String, line: Int?, nearest: String?)
    case missingKey(key: String, line: Int?, expected: String)
    case wrongValue(key: String, line: Int?, found: String, expected: String)
}

/// An error that tells what is wrong with a kind of TOML file.
package protocol TOMLFailure: Error {
    static func toml(_ problem: TOMLProblem) -> Self
}
