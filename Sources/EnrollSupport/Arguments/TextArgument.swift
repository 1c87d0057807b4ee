// SPDX-License-Identifier: Apache-2.0

/// Arguments that are texts and not files: names, above all.
public enum TextArgument {
    /// Why a text is refused.
    public struct NotUTF8: Error, CustomStringConvertible {
        public let description: String
    }

    /// The argument as it is.
    ///
    /// - Throws: ``NotUTF8``. Repaired, two different names could become one.
    @Sendable public static func checked(_ argument: String) throws -> String {
        guard !EscapedBytes.isEscaped(argument) else {
            throw NotUTF8(
                description: "it is not UTF-8; names are, in every locale, and only files may be called otherwise")
        }
        return argument
    }

    /// The path of something that a list of files names, which is a text.
    @Sendable public static func checkedForList(_ path: String) throws -> String {
        guard !EscapedBytes.isEscaped(path) else {
            throw NotUTF8(description: "it is not UTF-8, as the list of files is that it belongs to; call it otherwise")
        }
        return path
    }
}
