// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import Synchronization

/// Answers the one request of a connection. Used on the connection's event loop alone.
final class MetricsReplies: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let isAllowed: Bool
    private let text: @Sendable () async -> String
    private var isAnswered = false

    init(isAllowed: Bool, text: @escaping @Sendable () async -> String) {
        self.isAllowed = isAllowed
        self.text = text
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Whatever body follows is not wanted, and the connection is closed after the reply.
        guard case .head(let head) = unwrapInboundIn(data), !isAnswered else { return }
        isAnswered = true
        let path = head.uri.prefix { $0 != "?" }
        guard isAllowed else {
            return reply(.forbidden, "access.monitor in the configuration names who may read this\n", to: head, context)
        }
        guard path == "/metrics" else { return reply(.notFound, "only /metrics is served\n", to: head, context) }
        guard head.method == .GET || head.method == .HEAD else {
            return reply(.methodNotAllowed, "use GET\n", to: head, context)
        }
        let made = context.eventLoop.makeFutureWithTask { [text] in await text() }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        made.whenSuccess { text in
            let (handler, context) = bound.value
            handler.reply(.ok, text, to: head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func reply(
        _ status: HTTPResponseStatus, _ text: String, to head: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        guard context.channel.isActive else { return }
        var headers = HTTPHeaders([
            ("content-type", "text/plain; version=0.0.4; charset=utf-8"), ("content-length", "\(text.utf8.count)"),
            ("connection", "close"),
        ])
        if status == .methodNotAllowed { headers.add(name: "allow", value: "GET, HEAD") }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: status, headers: headers))),
            promise: nil)
        if head.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}

/// How many connections are open, which is bounded.
final class OpenRequests: Sendable {
    private let limit: Int
    private let count = Mutex(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Returns false where one more would be too many.
    func begin() -> Bool {
        count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func end() { count.withLock { $0 -= 1 } }
}
