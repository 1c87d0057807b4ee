// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation

/// A key that wraps the data keys of a gallery: what an administrator keeps, and the gallery does not hold.
public struct WrappingKey: Sendable {
    /// Bytes of a key: AES-256.
    public static let byteCount = 32

    /// What the gallery remembers of the key that it needs; it tells nothing of the key itself.
    public let id: WrappingKeyID
    let key: SymmetricKey

    /// Returns nil unless there are exactly ``byteCount`` bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        key = SymmetricKey(data: bytes)
        id = WrappingKeyID(
            Data(SHA256.hash(data: Data("likeness wrapping key".utf8) + bytes).prefix(WrappingKeyID.byteCount)))
    }

    /// Reads the content of a key file: 64 hexadecimal digits, with a line feed after them or not, or 32 bytes as they
    /// are. Returns nil for anything else.
    public init?(fileContent content: [UInt8]) {
        if content.count == Self.byteCount {
            self.init(bytes: content)
            return
        }
        let digits = content.last == UInt8(ascii: "\n") ? content.dropLast() : content[...]
        guard digits.count == 2 * Self.byteCount else { return nil }
        var bytes: [UInt8] = []
        for pair in stride(from: digits.startIndex, to: digits.endIndex, by: 2) {
            guard let high = Character(Unicode.Scalar(digits[pair])).hexDigitValue,
                let low = Character(Unicode.Scalar(digits[pair + 1])).hexDigitValue
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        self.init(bytes: bytes)
    }
}

/// Which wrapping key: the beginning of a digest of it.
public struct WrappingKeyID: Sendable, Hashable, CustomStringConvertible {
    static let byteCount = 8
    let bytes: Data

    init(_ bytes: Data) {
        self.bytes = bytes
    }

    /// 16 hexadecimal digits.
    public var description: String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

/// The wrapping keys that a gallery is opened with.
public struct WrappingKeys: Sendable {
    /// The one that new data keys are wrapped with; nil for a gallery that is not encrypted.
    public let current: WrappingKey?
    /// One that the gallery may still need, until its data key is replaced.
    public let previous: WrappingKey?
    /// Whether a gallery that is not encrypted is taken although there is a ``current`` key. Anyone who can write to
    /// the file could have put one of their own in the place of one that was encrypted.
    public let acceptsUnencrypted: Bool

    /// No key: the data key lies beside the data. Damage and swapped rows are still found.
    public static let none = WrappingKeys(current: nil)

    public init(current: WrappingKey?, previous: WrappingKey? = nil, acceptsUnencrypted: Bool = false) {
        self.current = current
        self.previous = previous
        self.acceptsUnencrypted = acceptsUnencrypted
    }

    var all: [WrappingKey] { [current, previous].compactMap { $0 } }

    /// - Throws: ``GalleryError/notEncrypted(offered:)`` where a gallery without encryption is not to be taken.
    func requireEncryption(isThere: Bool) throws(GalleryError) {
        guard !isThere, !acceptsUnencrypted, let current else { return }
        throw .notEncrypted(offered: current.id.description)
    }
}
