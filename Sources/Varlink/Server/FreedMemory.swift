// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Gives memory back to the system when a flood of messages is over: the C library keeps what was freed for what may
/// come.
final class FreedMemory: Sendable {
    /// Less than this is kept: it is needed again soon.
    private static let worthwhile = 32 << 20
    private static let delay = DispatchTimeInterval.seconds(1)

    private struct State {
        var peak = 0
        var isScheduled = false
    }

    private let state = Mutex(State())

    /// Told how much of the budget was held, and is held now that some was given back.
    func gaveBack(before: Int, used: Int) {
        let isDue = state.withLock { state in
            state.peak = max(state.peak, before)
            guard state.peak >= Self.worthwhile, used <= state.peak / 8, !state.isScheduled else { return false }
            state.isScheduled = true
            return true
        }
        guard isDue else { return }
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + Self.delay) { [self] in
            state.withLock { $0 = State() }
            _ = Self.trim?(0)
        }
    }

    /// `malloc_trim(3)` of glibc, which is not in the header as Swift reads it, and which other C libraries do not
    /// have.
    private static let trim: (@convention(c) (Int) -> Int32)? = dlsym(nil, "malloc_trim").map {
        unsafeBitCast($0, to: (@convention(c) (Int) -> Int32).self)
    }
}
