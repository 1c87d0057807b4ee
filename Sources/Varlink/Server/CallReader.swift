// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Hands out a peer's messages one at a time, when they are asked for. A connection is read no further than to the end
/// of one message, so that a peer that sends faster than it is answered waits, and fills its own socket and not our
/// memory.
///
/// It stays on the channel's event loop, but for ``next(from:on:)``.
final class CallReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var buffer: MessageBuffer
    /// From the first byte of a message to its last.
    private let messageTimeout: TimeAmount
    /// From one message to the first byte of the next.
    private let idleTimeout: TimeAmount
    private var waiting: CheckedContinuation<Frame?, any Error>?
    private var failure: FramingError?
    private var isEnded = false
    /// What has begun to arrive is waited for, and nothing else.
    private var isStopping = false
    /// Waits for the peer's end, and wants nothing of what comes before it.
    private var draining: CheckedContinuation<Void, Never>?
    private var deadline: (task: Scheduled<Void>, isForMessage: Bool)?

    init(buffer: MessageBuffer, messageTimeout: Duration, idleTimeout: Duration) {
        self.buffer = buffer
        self.messageTimeout = TimeAmount(messageTimeout)
        self.idleTimeout = TimeAmount(idleTimeout)
    }

    /// The next message; nil when the peer has sent its last, the connection is closed or was idle too long. To be
    /// asked for by one task at a time.
    /// - Throws: ``FramingError``.
    static func next(from reader: NIOLoopBound<CallReader>, on channel: any Channel) async throws -> Frame? {
        try await withCheckedThrowingContinuation { continuation in
            channel.eventLoop.execute { reader.value.deliver(to: continuation, on: channel) }
        }
    }

    /// Ends a connection but for what has arrived: whole messages are handed out, and whoever is sending one has so long,
    /// once, to end it. The sender of what is not read hears that it was not.
    static func stop(_ reader: NIOLoopBound<CallReader>, on channel: any Channel, within limit: Duration) {
        channel.eventLoop.execute {
            guard reader.value.buffer.isEmpty || reader.value.isStopping else {
                reader.value.isStopping = true
                channel.eventLoop.scheduleTask(in: TimeAmount(limit)) { reader.value.end() }
                return
            }
            let isWaiting = reader.value.waiting != nil
            reader.value.end()
            // At once where nothing was handed out, so that nothing is read any more. A message that was handed out is
            // answered before whoever has it closes the connection.
            if isWaiting { channel.close(promise: nil) }
        }
    }

    /// Takes what still comes, and drops it, until the peer ends or the connection is closed.
    static func drain(_ reader: NIOLoopBound<CallReader>, on channel: any Channel) async {
        await withCheckedContinuation { continuation in
            channel.eventLoop.execute {
                guard !reader.value.isEnded else { return continuation.resume() }
                reader.value.draining = continuation
                channel.read()
            }
        }
    }

    private func deliver(to continuation: CheckedContinuation<Frame?, any Error>, on channel: any Channel) {
        waiting = continuation
        deliver()
        guard waiting != nil else { return }
        setDeadline(on: channel)
        channel.read()
    }

    /// Answers a waiting caller, if there is something to answer with.
    private func deliver() {
        guard let waiting else { return }
        let result: Result<Frame?, any Error>
        if let frame = buffer.next() {
            result = .success(frame)
        } else if let failure {
            result = .failure(failure)
        } else if isEnded {
            result = .success(nil)
        } else {
            return
        }
        self.waiting = nil
        deadline?.task.cancel()
        deadline = nil
        waiting.resume(with: result)
    }

    /// Runs while somebody waits for a message: a peer whose call is being answered is not late with the next.
    private func setDeadline(on channel: any Channel) {
        let isForMessage = !buffer.isEmpty
        guard deadline?.isForMessage != isForMessage else { return }
        deadline?.task.cancel()
        let reader = NIOLoopBound(self, eventLoop: channel.eventLoop)
        let task = channel.eventLoop.scheduleTask(in: isForMessage ? messageTimeout : idleTimeout) {
            if isForMessage { reader.value.fail(.tooSlow) } else { reader.value.end() }
        }
        deadline = (task, isForMessage)
    }

    private func fail(_ error: FramingError) {
        failure = error
        buffer.clear()
        deliver()
    }

    private func end() {
        isEnded = true
        deliver()
        draining?.resume()
        draining = nil
    }

    /// What is asked for before the channel is registered with its event loop is forgotten by it.
    func channelActive(context: ChannelHandlerContext) {
        if waiting != nil || draining != nil { context.read() }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard failure == nil, !isEnded else { return }
        do throws(FramingError) {
            try buffer.append(unwrapInboundIn(data))
        } catch {
            fail(error)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        deliver()
        if waiting != nil { setDeadline(on: context.channel) }
        if waiting != nil || draining != nil { context.read() }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { end() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        buffer.clear()
    }
}
