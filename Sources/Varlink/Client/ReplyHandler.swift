// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore

/// Hands each reply to the call that waits longest.
final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = Frame

    /// A call that waits. `deliver` returns whether that was its last reply.
    struct Pending: Sendable {
        let deliver: @Sendable (Result<ByteBuffer, any Error>) -> Bool
    }

    private var waiting: [(pending: Pending, isSent: Bool)] = []
    private var failure: VarlinkClientError?

    /// Returns whether the call can be sent; where it cannot, its caller was told.
    func expect(_ pending: Pending, on channel: any Channel) -> Bool {
        if failure == nil, channel.isActive {
            waiting.append((pending, false))
            return true
        }
        _ = pending.deliver(.failure(VarlinkClientError.notTaken))
        return false
    }

    /// The next call was sent to its end. One that is not sent so far is none to the other end.
    func wasSent() {
        if let next = waiting.firstIndex(where: { !$0.isSent }) { waiting[next].isSent = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        // A reply that nobody waits for answers no call of ours.
        guard let first = waiting.first else { return }
        if first.pending.deliver(.success(frame.message)) { waiting.removeFirst() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(VarlinkClientError.connectionClosed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(
            error is FramingError
                ? .badReply("\(error)")
                // The kernel says so where the other end was closed with something in it that it had not read.
                : (error as? IOError)?.errnoCode == ECONNRESET ? .notTaken : .connectionClosed)
        context.close(promise: nil)
    }

    private func fail(_ error: VarlinkClientError) {
        failure = failure ?? error
        let abandoned = waiting
        waiting = []
        for (pending, isSent) in abandoned {
            let reason = failure ?? error
            _ = pending.deliver(.failure(!isSent && reason == .connectionClosed ? .notTaken : reason))
        }
    }
}
