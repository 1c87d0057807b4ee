import NIOCore

/// Why a connection is closed for a message.
enum FramingError: Error, Equatable, CustomStringConvertible {
    case messageTooLarge(limit: Int)
    case tooManyValues(limit: Int)
    case tooMuchWaiting
    case tooSlow

    var description: String {
        switch self {
        case .messageTooLarge(let limit): "the message has more than \(limit) bytes"
        case .tooManyValues(let limit): "the message has more than \(limit) keys and values"
        case .tooMuchWaiting: "too many bytes of unfinished messages are waiting"
        case .tooSlow: "the message did not arrive in time"
        }
    }
}

/// A whole message without its NUL, and the part of the budget that it holds while it lives.
struct Frame: Sendable {
    let message: ByteBuffer
    let reservation: BufferBudget.Reservation
}

/// Divides what arrives into messages. No more is kept than the limit and the budget allow, and a message that is
/// begun must be ended in time.
final class MessageFraming: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Frame

    /// What a message costs beside its bytes. It is held too, since empty messages would else cost nothing.
    private static let overhead = 256

    private let limit: Int
    private let budget: BufferBudget
    private let timeout: TimeAmount?
    private var partial = ByteBuffer()
    private var reservation: BufferBudget.Reservation
    private var deadline: Scheduled<Void>?
    private var failed = false

    init(limit: Int, budget: BufferBudget, timeout: TimeAmount?) {
        self.limit = limit
        self.budget = budget
        self.timeout = timeout
        reservation = budget.reservation()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !failed else { return }
        var arrived = unwrapInboundIn(data)
        while arrived.readableBytes > 0 {
            let end = arrived.readableBytesView.firstIndex(of: 0).map { $0 - arrived.readerIndex }
            let length = end ?? arrived.readableBytes
            guard partial.readableBytes + length <= limit else {
                return fail(.messageTooLarge(limit: limit), context)
            }
            let isFirst = partial.readableBytes == 0
            guard reservation.grow(by: isFirst ? length + Self.overhead : length) else { return fail(.tooMuchWaiting, context) }
            guard var part = arrived.readSlice(length: length) else { return }
            partial.writeBuffer(&part)
            guard end != nil else { break }
            arrived.moveReaderIndex(forwardBy: 1)
            deadline?.cancel()
            deadline = nil
            context.fireChannelRead(wrapInboundOut(Frame(message: partial, reservation: reservation)))
            partial = ByteBuffer()
            reservation = budget.reservation()
        }
        if partial.readableBytes > 0, deadline == nil, let timeout {
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            deadline = context.eventLoop.scheduleTask(in: timeout) {
                let (handler, context) = bound.value
                handler.fail(.tooSlow, context)
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        release()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        release()
    }

    private func release() {
        deadline?.cancel()
        deadline = nil
        partial = ByteBuffer()
        reservation = budget.reservation()
    }

    private func fail(_ error: FramingError, _ context: ChannelHandlerContext) {
        failed = true
        release()
        context.fireErrorCaught(error)
    }
}
