// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The replies to one call, as they come. A connection is read no further than a few replies ahead of the one who reads
/// this, so that a fast server fills no memory here. Ending the loop early closes the connection.
public struct VarlinkReplies<Reply: Decodable & Sendable>: AsyncSequence, Sendable {
    public typealias Element = Reply

    let stream: AsyncThrowingStream<Reply, any Error>
    let flow: ReplyFlow

    public struct AsyncIterator: AsyncIteratorProtocol {
        var iterator: AsyncThrowingStream<Reply, any Error>.Iterator
        let flow: ReplyFlow

        public mutating func next() async throws -> Reply? {
            defer { flow.taken() }
            return try await iterator.next()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(iterator: stream.makeAsyncIterator(), flow: flow)
    }
}

/// Stops the reading of a connection while more than a few replies wait to be taken.
final class ReplyFlow: Sendable {
    private static let most = 4

    private struct State {
        var waiting = 0
        var isPaused = false
    }

    private let channel: any Channel
    private let state = Mutex(State())

    init(channel: any Channel) {
        self.channel = channel
    }

    func arrived() {
        let pauses = state.withLock { state in
            state.waiting += 1
            guard state.waiting >= Self.most, !state.isPaused else { return false }
            state.isPaused = true
            return true
        }
        if pauses { read(false) }
    }

    /// Also at the end of the replies, so that the next call on the connection is read.
    func taken() {
        let resumes = state.withLock { state in
            state.waiting = max(0, state.waiting - 1)
            guard state.waiting == 0, state.isPaused else { return false }
            state.isPaused = false
            return true
        }
        if resumes { read(true) }
    }

    private func read(_ goesOn: Bool) {
        _ = channel.setOption(.autoRead, value: goesOn)
    }
}
