import NIOCore

/// Reads from a channel only when asked, so that a peer's bytes wait in the kernel, which bounds them,
/// while nobody needs them here.
///
/// The channel has `autoRead` off and reads at most one chunk at a time. All state is the event loop's own.
final class ChunkReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var chunks: [ByteBuffer] = []
    private var waiting: EventLoopPromise<ByteBuffer?>?
    private var ended = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let chunk = unwrapInboundIn(data)
        if let waiting {
            self.waiting = nil
            waiting.succeed(chunk)
        } else {
            chunks.append(chunk)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if waiting != nil { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    /// A reset is the end of what the peer has to say.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func end() {
        ended = true
        waiting?.succeed(nil)
        waiting = nil
    }

    private func next(on channel: any Channel, into promise: EventLoopPromise<ByteBuffer?>) {
        if !chunks.isEmpty {
            promise.succeed(chunks.removeFirst())
        } else if ended {
            promise.succeed(nil)
        } else if waiting != nil {
            promise.fail(VarlinkConnectionError.system(operation: "read", message: "two readers on one connection"))
        } else {
            waiting = promise
            channel.read()
        }
    }

    /// The next bytes from the peer; nil when it has closed. One task at a time may read.
    static func read(from channel: any Channel) async throws -> ByteBuffer? {
        let promise = channel.eventLoop.makePromise(of: ByteBuffer?.self)
        channel.eventLoop.execute {
            do {
                try channel.pipeline.syncOperations.handler(type: ChunkReader.self).next(on: channel, into: promise)
            } catch {
                // The pipeline is empty once the channel is closed.
                promise.succeed(nil)
            }
        }
        return try await promise.futureResult.get()
    }
}
