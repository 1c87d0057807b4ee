// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import Synchronization

/// One peer: its calls are answered one after the other, in the order in which they came.
struct ServerConnection: Sendable {
    let channel: any Channel
    let reader: NIOLoopBound<CallReader>
    let peer: PeerCredentials
    let terms: ConnectionTerms
    let routes: CallRoutes
    let limits: VarlinkLimits
    let denial: @Sendable (PeerCredentials) -> VarlinkError
    let lines: ConnectionLines
    let state = ConnectionState()

    /// Lets the call that is being answered, and those that have arrived, end, and takes no other.
    func stop() {
        if state.stop() { stopReading() }
    }

    private func stopReading() {
        CallReader.stop(reader, on: channel, within: limits.lingerTimeout)
    }

    /// Answers calls until the peer or the server ends, or the terms. Either end cancels the call that is being
    /// answered.
    func serve() async {
        let serving = Task { await serveUntilClosed() }
        channel.closeFuture.whenComplete { _ in serving.cancel() }
        let deadline =
            terms == .served
            ? nil
            : channel.eventLoop.scheduleTask(in: TimeAmount(limits.briefTimeout)) {
                channel.close(promise: nil)
            }
        await withTaskCancellationHandler {
            await serving.value
        } onCancel: {
            serving.cancel()
            channel.close(promise: nil)
        }
        deadline?.cancel()
    }

    private func serveUntilClosed() async {
        do {
            try await answerCalls()
        } catch let error as FramingError {
            lines.refuse("\(error)", peer)
            await endAfterTelling(error)
        } catch {
            // The peer is gone; there is nobody to tell.
            lines.logger.debug("A connection ended: \(error)")
        }
        try? await channel.close()
    }

    private func answerCalls() async throws {
        if case .refused(let refusal) = terms { lines.refuse("\(refusal)", peer) }
        var malformed = 0
        while let frame = try await CallReader.next(from: reader, on: channel) {
            state.begin()
            guard frame.message.holds(atMost: limits.maximumValues) else {
                throw FramingError.tooManyValues(limit: limits.maximumValues)
            }
            let isCall = try await answer(frame)
            malformed = isCall ? 0 : malformed + 1
            guard malformed < limits.maximumMalformedMessages else {
                throw FramingError.tooManyMalformed(limit: limits.maximumMalformedMessages)
            }
            let goesOn = state.end()
            guard terms == .served, frame.shortening == nil else { break }
            if !goesOn { stopReading() }
        }
    }

    /// Returns whether it was a call.
    private func answer(_ frame: Frame) async throws -> Bool {
        if let refusal = refusal(of: frame) {
            guard let header = try await header(of: frame) else { return false }
            if frame.shortening != nil { lines.refuse("\(refusal)", peer) }
            if !header.isOneway { try await send(routes.busy(header.method, message: "\(refusal)")) }
        } else if frame.shortening != nil {
            // From somebody without business here, who cannot want what takes so many bytes.
            try await send(denial(peer))
        } else {
            let call: IncomingCall
            do {
                call = try IncomingCall.read(frame.message, find: routes.find)
            } catch {
                try await send(.invalidParameter("method"))
                return false
            }
            try await answer(call)
        }
        return true
    }

    /// What a call that is not answered now says of itself; nil where it is none, and was told so.
    private func header(of frame: Frame) async throws -> CallHeader? {
        guard frame.shortening == nil else { return CallHeader(method: frame.message.likelyMethod ?? "") }
        do {
            return try MessageCoding.decode(CallHeader.self, from: frame.message)
        } catch {
            try await send(.invalidParameter("method"))
            return nil
        }
    }

    /// Why nothing is done for a call now.
    private func refusal(of frame: Frame) -> Refusal? {
        if case .refused(let refusal) = terms { return refusal }
        if case .refused(let refusal)? = frame.shortening { return .bytes(refusal) }
        return nil
    }

    private func answer(_ incoming: IncomingCall) async throws {
        let name = incoming.header.method
        do {
            let routed = try incoming.destination.get()
            let call = VarlinkCall(
                incoming.header, method: routed.route.method, parameters: routed.parameters, peer: peer
            ) { try await send($0) }
            do {
                try await routed.route.handler.handle(call)
                if !call.progress.isFinished { throw VarlinkError.methodNotImplemented(name) }
            } catch let error as VarlinkError {
                throw error
            } catch  where !call.progress.isFinished && !Task.isCancelled {
                lines.fail(name, error)
                throw VarlinkError(
                    name: "\(routed.route.interface).Internal", parameters: ["message": .string("\(error)")])
            }
        } catch let error as VarlinkError {
            if !incoming.header.isOneway { try await send(error) }
        }
    }

    private func send(_ error: VarlinkError) async throws {
        try await send(MessageCoding.bytes(ReplyMessage(parameters: error.parameters, error: error.name)))
    }

    /// Returns when the peer's socket has taken it.
    private func send(_ bytes: ByteBuffer) async throws {
        // A peer that does not take its reply loses the connection, not a worker its time.
        let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(limits.replyTimeout)) {
            channel.close(promise: nil)
        }
        defer { deadline.cancel() }
        try await channel.writeAndFlush(bytes)
    }

    /// The last answer of a connection that is closed for what was sent on it.
    private func endAfterTelling(_ error: FramingError) async {
        guard (try? await send(.invalidParameter("\(error)"))) != nil, case .messageTooLarge = error else { return }
        // The peer may still be sending and read only then, so what comes is taken for a while, and dropped.
        try? await channel.close(mode: .output)
        let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(limits.lingerTimeout)) {
            channel.close(promise: nil)
        }
        await CallReader.drain(reader, on: channel)
        deadline.cancel()
    }
}

/// What the log says of the connections of a server, however many there are to tell of.
final class ConnectionLines: Sendable {
    let logger: Logger
    private let refused = RareLine()
    private let full = RareLine()
    // A call that fails is a fault of the daemon's own, of which each is worth a line while they are few.
    private let failed = RareLine(atMostEvery: .seconds(1))

    init(logger: Logger) {
        self.logger = logger
    }

    func refuse(_ reason: String, _ peer: PeerCredentials) {
        refused.write { more in
            logger.notice(
                "A connection is closed: \(reason)\(more)",
                metadata: ["uid": "\(peer.userID)", "pid": "\(peer.processID)"])
        }
    }

    /// A call ended in what no handler foresaw.
    func fail(_ method: String, _ error: any Error) {
        failed.write { more in logger.error("\(method) failed: \(error)\(more)") }
    }

    /// There was no place for a connection, not even to answer it.
    func turnAway(_ peer: PeerCredentials) {
        full.write { more in
            logger.warning(
                "A connection is closed unanswered: there are too many\(more)",
                metadata: ["uid": "\(peer.userID)", "pid": "\(peer.processID)"])
        }
    }
}

/// Whether a call is being answered, and whether the server stops.
final class ConnectionState: Sendable {
    private struct Flags {
        var busy = false
        var stopping = false
    }

    private let flags = Mutex(Flags())

    func begin() {
        flags.withLock { $0.busy = true }
    }

    /// Returns false when the server stops.
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
