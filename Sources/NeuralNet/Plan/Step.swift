// SPDX-License-Identifier: Apache-2.0

/// One kernel call of a plan, with everything decided that does not depend on where a run's memory lies.
protocol StepBody: Sendable {
    /// Floats of working space, whose contents mean nothing before and after.
    var scratchCount: Int { get }
    /// What it does, for a person who looks at a profile.
    var summary: String { get }
    /// Must not allocate, and must write the whole output.
    func run(_ memory: StepMemory)
}

extension StepBody {
    var scratchCount: Int { 0 }
    var summary: String { String(describing: Self.self) }
}

/// A step that an operator emits, which states what it takes.
protocol CountedStep: StepBody {
    /// What a run takes beside writing each value of its output once.
    var work: Work { get }
}

/// Where a step's values lie in one run.
struct StepMemory {
    /// One for each operand; nil for one left out.
    let operands: UnsafePointer<UnsafePointer<Float>?>
    let output: UnsafeMutablePointer<Float>
    let scratch: UnsafeMutablePointer<Float>

    /// An operand that the step always has.
    @inline(__always)
    func operand(_ index: Int) -> UnsafePointer<Float> { operands[index] ?? UnsafePointer(output) }
}

/// What a step reads.
enum Operand: Sendable {
    case storage(Int)
    case constant(ConstantFloats)
    case absent

    var storage: Int? {
        if case .storage(let storage) = self { storage } else { nil }
    }
}

struct Step: Sendable {
    var body: any StepBody
    var operands: [Operand]
    /// The storage that it writes, whole.
    var output: Int
    /// The node that it stems from, for errors.
    var origin = ""
}
