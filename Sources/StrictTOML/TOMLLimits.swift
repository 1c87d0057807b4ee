// SPDX-License-Identifier: Apache-2.0

/// What a TOML text may take. No file of ours comes near any of it; the parser's stack and memory grow with all of it.
package enum TOMLLimits {
    /// Tables and arrays around a value, whether they are written as brackets, as headers or as the parts of a key.
    package static let depth = 16
    /// Values, tables and arrays together.
    package static let items = 8192
    /// Bytes of one part of a key.
    package static let keyBytes = 128
}
