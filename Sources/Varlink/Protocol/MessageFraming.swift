// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Divides what arrives into messages and hands each on at once: for a client, which asked for what it gets.
final class MessageFraming: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Frame

    private var buffer: MessageBuffer
    private var failed = false

    init(limit: Int) {
        buffer = MessageBuffer(limit: limit, budget: BufferBudget(limit: 2 * limit + 1024), user: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !failed else { return }
        do throws(FramingError) {
            try buffer.append(unwrapInboundIn(data))
        } catch {
            failed = true
            buffer.clear()
            return context.fireErrorCaught(error)
        }
        while let frame = buffer.next() { context.fireChannelRead(wrapInboundOut(frame)) }
    }
}
