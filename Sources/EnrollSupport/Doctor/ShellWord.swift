// SPDX-License-Identifier: Apache-2.0

import Files

extension ShellWord {
    /// - Parameter path: carried as ``EscapedBytes`` says.
    package static func quoted(carried path: String) -> String {
        let isShown = !EscapedBytes.isEscaped(path) && PrintableText.of(path) == path
        return quoted(EscapedBytes.bytes(of: path), shown: isShown ? path : nil)
    }
}
