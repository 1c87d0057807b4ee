import Logging
import NIOCore
import Synchronization

/// One peer: its calls are answered one after the other, in the order in which they came.
struct ServerConnection: Sendable {
    let channel: NIOAsyncChannel<Frame, ByteBuffer>
    let routes: CallRoutes
    let limits: VarlinkLimits
    let state = ConnectionState()
    let logger: Logger

    /// Lets the call that is being answered end, and takes no other.
    func stop() {
        if state.stop() { channel.channel.close(promise: nil) }
    }

    /// Answers calls until the peer or the server ends. Either end cancels the call that is being answered.
    func serve() async {
        let serving = Task { await serveUntilClosed() }
        channel.channel.closeFuture.whenComplete { _ in serving.cancel() }
        await withTaskCancellationHandler {
            await serving.value
        } onCancel: {
            serving.cancel()
            channel.channel.close(promise: nil)
        }
    }

    /// Closes without having taken anything.
    func refuse() async {
        try? await channel.executeThenClose { _, _ in }
    }

    private func serveUntilClosed() async {
        do {
            try await channel.executeThenClose { inbound, outbound in
                let peer = try await PeerCredentials.ofPeer(of: channel.channel)
                let send: @Sendable (ByteBuffer) async throws -> Void = { bytes in
                    // A peer that does not take its reply loses the connection, not a worker its time.
                    let deadline = channel.channel.eventLoop.scheduleTask(in: TimeAmount(limits.replyTimeout)) {
                        channel.channel.close(promise: nil)
                    }
                    defer { deadline.cancel() }
                    try await outbound.write(bytes)
                }
                do {
                    for try await frame in inbound {
                        guard state.begin() else { break }
                        try await answer(frame, peer: peer, send: send)
                        guard state.end() else { break }
                    }
                } catch let error as FramingError {
                    logger.notice("A connection is closed: \(error)", metadata: ["uid": "\(peer.userID)", "pid": "\(peer.processID)"])
                    try await send(MessageCoding.bytes(Self.message(for: .invalidParameter("\(error)"))))
                }
            }
        } catch {
            // The peer is gone; there is nobody to tell.
            logger.debug("A connection ended: \(error)")
        }
    }

    private func answer(
        _ frame: Frame, peer: PeerCredentials, send: @escaping @Sendable (ByteBuffer) async throws -> Void
    ) async throws {
        guard frame.message.holds(atMost: limits.maximumValues) else {
            throw FramingError.tooManyValues(limit: limits.maximumValues)
        }
        let header: CallHeader
        do {
            header = try MessageCoding.decode(CallHeader.self, from: frame.message)
        } catch {
            try await send(MessageCoding.bytes(Self.message(for: .invalidParameter("method"))))
            return
        }
        let oneway = header.oneway ?? false
        do {
            let (handler, interface, method) = try routes.find(header.method)
            let progress = CallProgress()
            let call = VarlinkCall(
                method: method, more: header.more ?? false, oneway: oneway, peer: peer,
                message: frame.message, progress: progress, send: send)
            do {
                try await handler.handle(call)
                if !progress.isFinished { throw VarlinkError.methodNotImplemented(header.method) }
            } catch let error as VarlinkError {
                throw error
            } catch where !progress.isFinished && !Task.isCancelled {
                logger.error("\(header.method) failed: \(error)")
                throw VarlinkError(name: "\(interface).Internal", parameters: ["message": .string("\(error)")])
            }
        } catch let error as VarlinkError {
            if !oneway { try await send(MessageCoding.bytes(Self.message(for: error))) }
        }
    }

    private static func message(for error: VarlinkError) -> ReplyMessage<[String: JSONValue]> {
        ReplyMessage(parameters: error.parameters, error: error.name)
    }
}

/// Whether a call is being answered, and whether the server stops.
final class ConnectionState: Sendable {
    private struct Flags {
        var busy = false
        var stopping = false
    }

    private let flags = Mutex(Flags())

    /// Returns false when no further call is taken.
    func begin() -> Bool {
        flags.withLock { flags in
            flags.busy = !flags.stopping
            return flags.busy
        }
    }

    /// Returns false when that was the last call.
    func end() -> Bool {
        flags.withLock { flags in
            flags.busy = false
            return !flags.stopping
        }
    }

    /// Returns whether nothing is being answered.
    func stop() -> Bool {
        flags.withLock { flags in
            flags.stopping = true
            return !flags.busy
        }
    }
}
