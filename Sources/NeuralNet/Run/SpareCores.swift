// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// The cores that nobody computes on, which a run of a network borrows for as long as they are spare.
///
/// A program that serves many at once gets the most done with a request a core; when only one is there, all cores work on
/// it. Whoever computes says so (``occupy(_:)``), and a run gives its helpers back at its next step when there are more
/// threads than cores. Nothing is shared until ``use(cores:perRun:)`` is called.
package final class SpareCores: Sendable {
    /// Cores are the process's, and so is their count.
    package static let shared = SpareCores()

    /// More threads than this at one step wait for each other longer than they work.
    package static let most = 4

    private let idle = Mutex<[RunHelper]>([])
    private let perRun = Atomic<Int>(0)
    /// Threads that compute, helpers apart.
    private let busy = Atomic<Int>(0)
    /// Helpers that a run has.
    private let lent = Atomic<Int>(0)
    private let cores = Atomic<Int>(1)

    package init() {}

    /// - Parameters:
    ///   - cores: as many threads compute at most.
    ///   - perRun: the most threads of one run, itself included; 1 turns sharing off for runs that are made from now on.
    package func use(cores: Int, perRun: Int = min(most, ProcessInfo.processInfo.activeProcessorCount)) {
        self.cores.store(cores, ordering: .relaxed)
        self.perRun.store(min(perRun, Self.most), ordering: .relaxed)
    }

    /// The helpers that a run may have at most.
    var helpersPerRun: Int { max(0, perRun.load(ordering: .relaxed) - 1) }

    /// Counts the calling thread as one that computes while the body runs.
    package func occupy<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        busy.wrappingAdd(1, ordering: .relaxed)
        defer { busy.wrappingSubtract(1, ordering: .relaxed) }
        return try body()
    }

    /// Whether there are more threads than cores. A run counts as one where nobody has said that he computes.
    var areOverdrawn: Bool {
        max(1, busy.load(ordering: .relaxed)) + lent.load(ordering: .relaxed) > cores.load(ordering: .relaxed)
    }

    /// Adds helpers for the cores that are spare. A thread that is nicer than the process gets none, because they are not.
    func claim(into helpers: inout [RunHelper], atMost count: Int) {
        guard !ComputeThread.isNicer else { return }
        idle.withLock { idle in
            while helpers.count < count {
                lent.wrappingAdd(1, ordering: .relaxed)
                guard !areOverdrawn else {
                    lent.wrappingSubtract(1, ordering: .relaxed)
                    return
                }
                let helper = idle.popLast() ?? RunHelper(owner: self)
                helpers.append(helper)
                helper.wake()
            }
        }
    }

    /// Called by a helper that has been dismissed.
    func takeBack(_ helper: RunHelper) {
        idle.withLock { $0.append(helper) }
        lent.wrappingSubtract(1, ordering: .relaxed)
    }
}
