// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Hears what other stores announce on the database, on a connection and a thread of its own.
final class PostgreSQLListener: Sendable {
    /// PostgreSQL carries less than this many bytes.
    static let maximumPayload = 8000
    /// How much is kept for one that does not take it; what is lost then is a gap.
    private static let maximumKept = 4096

    static func channel(of server: PostgreSQLServer) -> String { "likeness_gallery_\(server.schema)" }

    private struct State {
        var streams: [UUID: AsyncStream<String?>.Continuation] = [:]
        var isClosed = false
        /// Continued when the thread has ended.
        var closing: [CheckedContinuation<Void, Never>] = []
        var isRunning = false
    }

    private let parameters: PostgreSQLParameters
    private let token: String
    private let state = Mutex(State())
    /// Wakes the thread.
    private let wake = Pipe()

    init(_ parameters: PostgreSQLParameters, token: String) {
        self.parameters = parameters
        self.token = token
    }

    /// Returns when everything that is announced from now on is heard.
    func start() async throws(GalleryError) {
        let result: Result<Void, GalleryError> = await withCheckedContinuation { continuation in
            state.withLock { $0.isRunning = true }
            Thread.detachNewThread { [self] in
                do {
                    let connection = try listening()
                    continuation.resume(returning: .success(()))
                    run(connection)
                } catch {
                    continuation.resume(returning: .failure(GalleryError(error, database: parameters.description)))
                }
                end()
            }
        }
        try result.get()
    }

    func stream() -> AsyncStream<String?> {
        let id = UUID()
        let (stream, continuation) = AsyncStream.makeStream(
            of: String?.self, bufferingPolicy: .bufferingNewest(Self.maximumKept))
        continuation.onTermination = { [weak self] _ in self?.state.withLock { _ = $0.streams.removeValue(forKey: id) }
        }
        let isClosed = state.withLock { state in
            if !state.isClosed { state.streams[id] = continuation }
            return state.isClosed
        }
        if isClosed { continuation.finish() }
        return stream
    }

    func tellGap() {
        tell(nil)
    }

    func close() async {
        await withCheckedContinuation { continuation in
            let isRunning = state.withLock { state in
                state.isClosed = true
                if state.isRunning { state.closing.append(continuation) }
                return state.isRunning
            }
            guard isRunning else { return continuation.resume() }
            try? wake.fileHandleForWriting.write(contentsOf: [0])
        }
    }

    // MARK: On the thread

    private func listening() throws -> PostgreSQLConnection {
        let connection = try PostgreSQLConnection(parameters, timeout: PostgreSQLServer.Use.listening.timeout)
        let server = try PostgreSQLServer.introduce(connection, for: .listening)
        _ = try connection.runAsText("LISTEN \(Self.channel(of: server))")
        return connection
    }

    private func run(_ first: PostgreSQLConnection) {
        var connection: PostgreSQLConnection? = first
        var pause: Int32 = 250
        while !state.withLock(\.isClosed) {
            do {
                if let connection {
                    for payload in try connection.notifications(wake: wake.fileHandleForReading.fileDescriptor) {
                        heard(payload)
                    }
                } else {
                    connection = try listening()
                    pause = 250
                    tell(nil)
                }
            } catch {
                if connection == nil {
                    var woken = pollfd(fd: wake.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
                    poll(&woken, 1, pause)
                    pause = min(2 * pause, 30_000)
                }
                connection = nil
            }
        }
    }

    private func end() {
        let (streams, closing) = state.withLock { state in
            state.isRunning = false
            state.isClosed = true
            return (state.streams, state.closing)
        }
        for stream in streams.values { stream.finish() }
        for waiting in closing { waiting.resume() }
    }

    /// - Parameter payload: the sender's token, a space, and what was announced.
    private func heard(_ payload: String) {
        let parts = payload.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0] != token else { return }
        tell(String(parts[1]))
    }

    private func tell(_ text: String?) {
        for stream in state.withLock({ Array($0.streams.values) }) {
            // What was dropped is older than the gap that is told after it.
            if case .dropped = stream.yield(text) { stream.yield(nil) }
        }
    }
}
