// SPDX-License-Identifier: Apache-2.0

import NIOCore

extension ByteBuffer {
    /// Whether a JSON text has no more keys and values than a limit, told without decoding it.
    ///
    /// Every key and value but the first comes after one of the counted characters. A text that is not JSON may be
    /// taken for anything; the decoder refuses it.
    func holds(atMost limit: Int) -> Bool {
        let bytes = readableBytesView
        let quote = UInt8(ascii: "\""), backslash = UInt8(ascii: "\\")
        var offset = bytes.startIndex, count = 1
        while offset < bytes.endIndex {
            switch bytes[offset] {
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "{"):
                count += 1
                if count > limit { return false }
            case quote:
                // To the end of the string: the next quotation mark before which the backslashes pair up.
                var isEscaped = true
                while isEscaped {
                    guard let end = bytes[(offset + 1)...].firstIndex(of: quote) else { return true }
                    let backslashes = bytes[(offset + 1)..<end].reversed().prefix { $0 == backslash }.count
                    isEscaped = backslashes % 2 == 1
                    offset = end
                }
            default: break
            }
            offset += 1
        }
        return true
    }
}
