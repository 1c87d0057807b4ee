import Logging
import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Tells that connections cannot be accepted, as when no descriptor is free, once in a while and with a count. It comes after
/// NIO's `AcceptBackoffHandler`, which pauses: the connection that waits would make the event loop try again at once, for ever.
final class AcceptFailures: ChannelInboundHandler {
    typealias InboundIn = Channel

    static let pause = TimeAmount.milliseconds(200)

    private let logger: Logger
    private let line = RareLine()

    init(logger: Logger) {
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError else { return context.fireErrorCaught(error) }
        logger.debug("Accepting failed: \(error)")
        line.write { more in
            logger.warning("A connection cannot be accepted: \(Self.advice(error)); those who wait are asked in again in a moment\(more)")
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
