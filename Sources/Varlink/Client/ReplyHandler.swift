// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Hands each reply to the call that waits longest.
final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = Frame

    /// A call that waits. `deliver` returns whether that was its last reply.
    struct Pending: Sendable {
        let deliver: @Sendable (Result<ByteBuffer, any Error>) -> Bool
    }

    private var waiting: [Pending] = []
    private var failure: (any Error)?

    func expect(_ pending: Pending, on channel: any Channel) {
        if let failure {
            _ = pending.deliver(.failure(failure))
        } else if channel.isActive {
            waiting.append(pending)
        } else {
            _ = pending.deliver(.failure(VarlinkClientError.connectionClosed))
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        // A reply that nobody waits for answers no call of ours.
        guard let first = waiting.first else { return }
        if first.deliver(.success(frame.message)) { waiting.removeFirst() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(VarlinkClientError.connectionClosed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error is FramingError ? VarlinkClientError.badReply("\(error)") : VarlinkClientError.connectionClosed)
        context.close(promise: nil)
    }

    private func fail(_ error: any Error) {
        failure = failure ?? error
        let abandoned = waiting
        waiting = []
        for pending in abandoned { _ = pending.deliver(.failure(failure ?? error)) }
    }
}
