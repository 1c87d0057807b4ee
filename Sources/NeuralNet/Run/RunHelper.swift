// SPDX-License-Identifier: Apache-2.0

import CProcessor
import Foundation
import Synchronization

/// A thread that does shares of another thread's steps.
///
/// It sleeps until it is woken, then looks for work without sleeping, because the next step comes within microseconds,
/// until it is dismissed.
// Safe to share: `work` is written by the run's thread before it raises `issued`, and read by the helper's after it has
// seen that; the run's thread writes again only when `done` has caught up.
final class RunHelper: @unchecked Sendable {
    private struct Work {
        let step: any SharedStep
        let memory: StepMemory
        let share: StepShare
    }

    /// Looks this often before it lets other threads have the core.
    private static let spins = 4096

    private let issued = Atomic<Int>(0)
    private let done = Atomic<Int>(0)
    private let attends = Atomic<Bool>(false)
    private let alarm = DispatchSemaphore(value: 0)
    /// nil dismisses.
    private var work: Work?

    init(owner: SpareCores) {
        ComputeThread.start("share") { [self] in
            while true {
                alarm.wait()
                attends.store(true, ordering: .releasing)
                while attend() {}
                attends.store(false, ordering: .releasing)
                owner.takeBack(self)
            }
        }
    }

    /// Whether it has woken.
    var isPresent: Bool { attends.load(ordering: .acquiring) }

    func wake() { alarm.signal() }

    /// - Precondition: what was assigned before is done.
    func assign(_ step: any SharedStep, _ memory: StepMemory, _ share: StepShare) {
        work = Work(step: step, memory: memory, share: share)
        issued.wrappingAdd(1, ordering: .releasing)
    }

    /// Returns when what was assigned is done.
    func awaitDone() {
        let number = issued.load(ordering: .relaxed)
        Self.wait { done.load(ordering: .acquiring) == number }
    }

    /// - Precondition: what was assigned before is done.
    func dismiss() {
        work = nil
        issued.wrappingAdd(1, ordering: .releasing)
    }

    /// Does the next share; whether there may be another.
    private func attend() -> Bool {
        let finished = done.load(ordering: .relaxed)
        Self.wait { issued.load(ordering: .acquiring) != finished }
        guard let work else {
            done.store(finished &+ 1, ordering: .releasing)
            return false
        }
        work.step.run(work.memory, work.share)
        done.store(finished &+ 1, ordering: .releasing)
        return true
    }

    @inline(__always)
    private static func wait(_ condition: () -> Bool) {
        var spins = 0
        while !condition() {
            if spins < Self.spins {
                spins &+= 1
                likeness_spin_pause()
            } else {
                sched_yield()
            }
        }
    }
}
