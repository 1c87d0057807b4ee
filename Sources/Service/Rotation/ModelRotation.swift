// SPDX-License-Identifier: Apache-2.0

import Gallery
import LikenessInterface
import Synchronization

/// The one rotation that is under way, or was the last since the start.
final class ModelRotation: Sendable {
    private struct State {
        var rotation: Rotation?
        /// Which generation it builds.
        var generation: Int64?
        /// How those before ended, for callers that still follow one: the last few.
        var earlier: [Int64: Rotation] = [:]
        /// Whether an end of the work is no end of the rotation.
        var isSuspended = false
        var task: Task<Void, Never>?
        /// Whether a piece of work has the right to build and activate generations.
        var isClaimed = false
        /// Generations that could not be removed when their rotation failed.
        var left: Set<Int64> = []
    }

    private static let mostEarlier = 16

    private let state = Mutex(State())

    /// Whether no other piece of work has the right to build and activate generations; from now on this one has.
    func claim() -> Bool {
        state.withLock { state in
            defer { state.isClaimed = true }
            return !state.isClaimed
        }
    }

    func unclaim() {
        state.withLock { $0.isClaimed = false }
    }

    /// Whether a piece of work has that right.
    var isClaimed: Bool { state.withLock { $0.isClaimed } }

    var current: Rotation? { state.withLock { $0.rotation } }

    /// The rotation that builds, or built, a generation.
    func rotation(of generation: Int64) -> Rotation? {
        state.withLock { $0.generation == generation ? $0.rotation : $0.earlier[generation] }
    }

    var isUnderWay: Bool { current.map { !$0.phase.isEnd } ?? false }

    /// - Throws: ``ServiceFailure/rotationRunning(message:)`` while another is under way.
    func begin(_ rotation: Rotation, generation: Int64) throws(ServiceFailure) {
        try state.withLock { state throws(ServiceFailure) in
            try Self.requireEnd(of: state.rotation)
            if let before = state.generation { state.earlier[before] = state.rotation }
            if state.earlier.count > Self.mostEarlier, let oldest = state.earlier.keys.min() {
                state.earlier[oldest] = nil
            }
            state.rotation = rotation
            state.generation = generation
            state.isSuspended = false
            state.task = nil
        }
    }

    /// - Throws: ``ServiceFailure/rotationRunning(message:)`` while a rotation is under way.
    func requireNone() throws(ServiceFailure) {
        try Self.requireEnd(of: current)
    }

    private static func requireEnd(of rotation: Rotation?) throws(ServiceFailure) {
        guard let rotation, !rotation.phase.isEnd else { return }
        throw .rotationRunning(
            message:
                "a rotation to \(rotation.to.name) \(rotation.to.version) is under way; wait for it, or cancel it with `enroll rotate --cancel`"
        )
    }

    func follow(_ task: Task<Void, Never>) {
        state.withLock { $0.task = task }
    }

    func update(_ change: (Rotation) -> Rotation) {
        state.withLock { state in state.rotation = state.rotation.map(change) }
    }

    /// Asks the rotation to end and waits until it has.
    ///
    /// - Returns: nil when none is under way.
    func cancel() async -> Rotation? {
        guard isUnderWay,
            let (task, generation) = state.withLock({ state in state.task.map { ($0, state.generation) } })
        else { return nil }
        task.cancel()
        await task.value
        return generation.flatMap(rotation(of:))
    }

    /// Waits for what a rotation that is over still has to put away.
    func settle() async {
        guard !isUnderWay, let task = state.withLock({ $0.task }) else { return }
        await task.value
    }

    /// Ends the work, without an end to the rotation: the next start goes on with it.
    func suspend() async {
        guard isUnderWay,
            let task = state.withLock({ state in
                state.isSuspended = true
                return state.task
            })
        else { return }
        task.cancel()
        await task.value
    }

    /// What is left of rotations that failed, as on a disk that was full, in order.
    var leftGenerations: [Int64] { state.withLock { $0.left.sorted() } }

    func leave(_ generation: Int64) {
        state.withLock { _ = $0.left.insert(generation) }
    }

    func forget(_ generation: Int64) {
        state.withLock { _ = $0.left.remove(generation) }
    }

    /// Whether a cancellation means that the rotation is over, and not that the daemon stops.
    var isToBeAbandoned: Bool { state.withLock { $0.generation != nil && !$0.isSuspended } }
}
