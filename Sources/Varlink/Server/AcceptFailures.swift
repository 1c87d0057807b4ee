// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Tells that connections cannot be accepted, as when no descriptor is free, once in a while and with a count, and
/// pauses: the connection that waits would make the event loop try again at once, for ever. NIO's
/// `AcceptBackoffHandler` does not help, since after an error the event loop goes on looking at the socket; without
/// `autoRead` it does not.
final class AcceptFailures: ChannelInboundHandler {
    typealias InboundIn = Channel

    private static let pause = TimeAmount.milliseconds(200)

    private let logger: Logger
    private let line = RareLine()
    private var isPaused = false

    init(logger: Logger) {
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError else { return context.fireErrorCaught(error) }
        logger.debug("Accepting failed: \(error)")
        pause(context.channel)
        line.write { more in
            logger.warning(
                "A connection cannot be accepted: \(Self.advice(error)); those who wait are asked in again in a moment\(more)"
            )
        }
    }

    private func pause(_ channel: any Channel) {
        guard !isPaused else { return }
        isPaused = true
        // A channel that is closed takes no option, and needs none.
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        let handler = NIOLoopBound(self, eventLoop: channel.eventLoop)
        channel.eventLoop.scheduleTask(in: Self.pause) {
            handler.value.isPaused = false
            try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }

    private static func advice(_ error: IOError) -> String {
        switch error.errnoCode {
        case EMFILE: "this process has as many files and sockets open as it may (LimitNOFILE=)"
        case ENFILE: "this machine has as many files open as it may (fs.file-max)"
        default: "\(error)"
        }
    }
}
