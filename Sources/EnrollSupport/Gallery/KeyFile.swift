// SPDX-License-Identifier: Apache-2.0

import Crypto
import Wording

/// Makes the file with a key that a gallery is encrypted with: 32 random bytes as 64 hexadecimal digits and a line
/// feed.
public enum KeyFile {
    public static func make(_ path: String) throws(CommandFailure) {
        let digits = SymmetricKey(size: .bits256).withUnsafeBytes { HexadecimalText.of($0) }
        try OutputFile.write(Array((digits + "\n").utf8), to: path, mode: 0o600)
    }
}
