// SPDX-License-Identifier: Apache-2.0

/// A step that several threads can do together. Each value of the output is the same as when one thread does it.
protocol SharedStep: StepBody {
    /// How often all threads wait for each other, the end included; 0 where one thread alone is as fast.
    func phases(shares: Int) -> Int

    /// One thread's share of one phase. The calls of a phase run at once, and `memory` is the same for all of them.
    func run(_ memory: StepMemory, _ share: StepShare)
}

/// A shared step whose parts have nothing to do with each other.
protocol DividedStep: SharedStep {
    /// Whether there is enough to do for several threads.
    var isWorthDividing: Bool { get }

    func run(_ memory: StepMemory, part: WorkPart)
}

extension DividedStep {
    func phases(shares: Int) -> Int { isWorthDividing ? 1 : 0 }
    func run(_ memory: StepMemory) { run(memory, part: .whole) }
    func run(_ memory: StepMemory, _ share: StepShare) { run(memory, part: share.part) }
}

/// Which part of a step a thread does.
struct StepShare {
    let index: Int
    let count: Int
    let phase: Int
    /// Working space of this share alone, as much as the step's ``StepBody/scratchCount``. That of the first share is the
    /// step's own.
    let scratch: UnsafeMutablePointer<Float>

    var part: WorkPart { WorkPart(index: index, count: count) }
}

/// Less than this many products are done before another thread has begun.
enum SharingCost {
    static let leastProducts = 100_000
    /// Values that are only moved or scaled.
    static let leastValues = 16_384
}
