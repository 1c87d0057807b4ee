import Foundation
import NIOCore

/// Cuts a stream of bytes, however it arrives in chunks, into NUL-terminated messages.
package struct MessageAccumulator: Sendable {
    package struct TooLarge: Error, Equatable {
        package let limit: Int
    }

    /// The most bytes that a message may have, without its NUL.
    package let limit: Int
    private var chunk = ByteBuffer()
    private var partial = Data()

    package init(limit: Int) {
        self.limit = limit
    }

    /// Bytes of a message that has not ended yet, and of those behind it.
    package var bufferedBytes: Int { partial.count + chunk.readableBytes }
    package var hasPartialMessage: Bool { bufferedBytes > 0 }

    /// Adds what was read. Take all messages out before adding more.
    package mutating func append(_ bytes: ByteBuffer) {
        if chunk.readableBytes == 0 {
            chunk = bytes
        } else {
            chunk.writeImmutableBuffer(bytes)
        }
    }

    /// The next whole message, or nil until more bytes are appended.
    package mutating func next() throws(TooLarge) -> Data? {
        let view = chunk.readableBytesView
        guard let end = view.firstIndex(of: 0) else {
            guard chunk.readableBytes <= limit - partial.count else { throw TooLarge(limit: limit) }
            partial.append(contentsOf: view)
            chunk = ByteBuffer()
            return nil
        }
        let length = end - view.startIndex
        guard length <= limit - partial.count else { throw TooLarge(limit: limit) }
        partial.append(contentsOf: view[..<end])
        chunk.moveReaderIndex(forwardBy: length + 1)
        defer { partial = Data() }
        return partial
    }
}
