// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets a line of the log through once in a while, however often there is reason for it.
final class RareLine: Sendable {
    private let interval: Duration
    private let state = Mutex<(next: ContinuousClock.Instant?, held: Int)>((nil, 0))

    init(atMostEvery interval: Duration = .seconds(10)) {
        self.interval = interval
    }

    /// Calls `write` when it is time, with a clause that tells how many lines were held back since the last.
    func write(_ write: (_ more: String) -> Void) {
        let now = ContinuousClock.now
        let held = state.withLock { state -> Int? in
            if let next = state.next, now < next {
                state.held += 1
                return nil
            }
            defer { state = (now.advanced(by: interval), 0) }
            return state.held
        }
        guard let held else { return }
        write(held == 0 ? "" : " (and \(held) more like it before)")
    }
}
