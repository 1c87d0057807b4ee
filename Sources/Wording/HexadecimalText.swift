// SPDX-License-Identifier: Apache-2.0

/// Digests as people read them.
package enum HexadecimalText {
    /// Two lower-case digits for each byte.
    package static func of(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
