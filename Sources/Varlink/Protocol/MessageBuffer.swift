// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Why a connection is closed for what it sent.
enum FramingError: Error, Equatable, CustomStringConvertible {
    case messageTooLarge(limit: Int)
    case tooManyValues(limit: Int)
    case tooManyMalformed(limit: Int)
    case tooSlow

    var description: String {
        switch self {
        case .messageTooLarge(let limit): "the message has more than \(limit) bytes"
        case .tooManyValues(let limit): "the message has more than \(limit) keys and values"
        case .tooManyMalformed(let limit): "\(limit) messages one after the other were no calls"
        case .tooSlow: "the message did not arrive in time"
        }
    }
}

/// A whole message without its NUL, and the part of the budget that it holds while it lives.
struct Frame: Sendable {
    /// Why only the two ends of a message are there.
    enum Shortening: Sendable, Equatable {
        /// It is longer than is kept of messages on this connection.
        case kept(limit: Int)
        case refused(BufferBudget.Refusal)
    }

    let message: ByteBuffer
    let reservation: BufferBudget.Reservation
    /// Nil for a message that is whole.
    var shortening: Shortening? = nil
}

/// What has arrived and was not taken yet. No more is kept than the limits and the budget allow; of a message that they
/// do not allow the two ends are kept, since its sender is told of that only when it has sent it all.
struct MessageBuffer {
    /// What a message costs beside its bytes. It is held too, since empty messages would else cost nothing.
    private static let overhead = 256
    /// How much is kept of either end of a message that is not kept.
    private static let end = 4096

    /// The most bytes of a message.
    private let limit: Int
    /// The most bytes of a message that is kept; a longer one is shortened.
    private let keptLimit: Int
    private let budget: BufferBudget
    private let user: UInt32?
    private var bytes = ByteBuffer()
    /// How many of the bytes are known to hold no NUL.
    private var searched = 0
    private var reservation: BufferBudget.Reservation
    /// The message that arrives is not kept: why not, and how long it is so far.
    private var shortened: (shortening: Frame.Shortening, length: Int)?

    /// - Parameter user: Whose share of the budget it takes; nil for one whom no share binds.
    init(limit: Int, keptLimit: Int? = nil, budget: BufferBudget, user: UInt32?) {
        self.limit = limit
        self.keptLimit = min(limit, keptLimit ?? limit)
        self.budget = budget
        self.user = user
        reservation = budget.reservation(for: user)
    }

    /// Whether nothing has arrived of a further message.
    var isEmpty: Bool { bytes.readableBytes == 0 && shortened == nil }

    /// Takes in what arrived.
    /// - Throws: ``FramingError/messageTooLarge(limit:)``.
    mutating func append(_ arrived: ByteBuffer) throws(FramingError) {
        if shortened != nil { return try appendShortened(arrived) }
        let holdsMessage = end() != nil
        let length = bytes.readableBytes + (holdsMessage ? 0 : arrived.lengthBeforeNUL)
        if !holdsMessage {
            guard length <= limit else { throw .messageTooLarge(limit: limit) }
            if length > keptLimit { return try shorten(.kept(limit: keptLimit), arrived) }
        }
        // What comes after a whole message is no more than the kernel holds of a connection whose peer has ended it.
        let cost = arrived.readableBytes + (bytes.readableBytes == 0 ? Self.overhead : 0)
        if let refusal = reservation.grow(by: cost), !holdsMessage { return try shorten(.refused(refusal), arrived) }
        if bytes.readableBytes == 0 {
            // A copy: what is read is read into one buffer again and again.
            bytes = ByteBuffer(bytes: arrived.readableBytesView)
        } else {
            bytes.writeImmutableBuffer(arrived)
        }
    }

    /// The next message, once it is whole.
    mutating func next() -> Frame? {
        guard let length = end() else { return nil }
        let rest = bytes.readableBytes - length - 1
        let shortening = shortened?.shortening
        shortened = nil
        let held = reservation
        reservation = held.split(rest > 0 ? rest + Self.overhead : 0)
        searched = 0
        // The smaller of the two is copied, so that neither keeps the memory of the other.
        let message: ByteBuffer
        if length <= rest {
            message =
                bytes.readableBytesView.prefix(length).isEmpty
                ? ByteBuffer() : ByteBuffer(bytes: bytes.readableBytesView.prefix(length))
            bytes.moveReaderIndex(forwardBy: length + 1)
        } else {
            message = bytes.readSlice(length: length) ?? ByteBuffer()
            bytes.moveReaderIndex(forwardBy: 1)
            bytes = rest > 0 ? ByteBuffer(bytes: bytes.readableBytesView) : ByteBuffer()
        }
        return Frame(message: message, reservation: held, shortening: shortening)
    }

    /// Gives back everything.
    mutating func clear() {
        bytes = ByteBuffer()
        searched = 0
        shortened = nil
        reservation = budget.reservation(for: user)
    }

    /// Where the first NUL is, counted from the first byte. No byte is looked at twice.
    private mutating func end() -> Int? {
        let view = bytes.readableBytesView
        guard let place = view[(view.startIndex + searched)...].firstIndex(of: 0) else {
            searched = view.count
            return nil
        }
        searched = place - view.startIndex
        return searched
    }

    /// Keeps the beginning of the message that arrives, and gives back what it held.
    private mutating func shorten(_ shortening: Frame.Shortening, _ arrived: ByteBuffer) throws(FramingError) {
        let length = bytes.readableBytes
        let kept = ByteBuffer(bytes: bytes.readableBytesView.prefix(Self.end))
        let last = ByteBuffer(bytes: bytes.readableBytesView.dropFirst(Self.end).suffix(Self.end))
        clear()
        bytes = kept
        bytes.writeImmutableBuffer(last)
        shortened = (shortening, length)
        try appendShortened(arrived)
    }

    private mutating func appendShortened(_ arrived: ByteBuffer) throws(FramingError) {
        guard let (shortening, before) = shortened, end() == nil else { return }
        let part = arrived.readableBytesView.prefix(arrived.lengthBeforeNUL)
        let isEnd = part.count < arrived.readableBytes
        guard part.count <= limit - before else { throw .messageTooLarge(limit: limit) }
        shortened = (shortening, before + part.count)
        let room = max(0, Self.end - bytes.readableBytes)
        bytes.writeBytes(part.prefix(room))
        let tail = part.dropFirst(room).suffix(Self.end)
        if !tail.isEmpty {
            var kept = ByteBuffer(bytes: bytes.readableBytesView.prefix(Self.end))
            kept.writeBytes((Array(bytes.readableBytesView.dropFirst(Self.end)) + tail).suffix(Self.end))
            bytes = kept
        }
        searched = bytes.readableBytes
        // What comes after it is of no use: the connection is closed when its sender was told.
        if isEnd { bytes.writeInteger(UInt8(0)) }
    }
}

extension ByteBuffer {
    /// How many bytes come before the first NUL, or all of them.
    fileprivate var lengthBeforeNUL: Int {
        readableBytesView.firstIndex(of: 0).map { $0 - readerIndex } ?? readableBytes
    }

    /// What a message says its method is, as far as that stands in what is kept of it. It is no more than a guess, good
    /// to name an error by.
    var likelyMethod: String? {
        let text = String(decoding: readableBytesView, as: UTF8.self)
        guard let key = text.firstRange(of: "\"method\"") else { return nil }
        let after = text[key.upperBound...].drop { $0.isWhitespace || $0 == ":" }
        guard after.first == "\"" else { return nil }
        let name = after.dropFirst().prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
        return name.isEmpty || name.utf8.count > 255 ? nil : String(name)
    }
}
