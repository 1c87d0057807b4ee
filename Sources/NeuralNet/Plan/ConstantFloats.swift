// SPDX-License-Identifier: Apache-2.0

/// Single-precision values that never change, in memory of their own, aligned to a cache line.
///
/// All plans and runs of a network share one for each weight.
// Safe to share: only `init` writes the memory, before anyone else can hold it.
final class ConstantFloats: @unchecked Sendable {
    let count: Int
    private let memory: UnsafeMutablePointer<Float>

    /// - Parameter fill: must write all `count` values; they are zero before.
    init(count: Int, _ fill: (UnsafeMutablePointer<Float>) -> Void) {
        self.count = count
        memory = AlignedMemory.allocateFloats(count)
        fill(memory)
    }

    convenience init(_ values: [Float]) {
        self.init(count: values.count) { memory in
            values.withUnsafeBufferPointer {
                if let base = $0.baseAddress { memory.update(from: base, count: values.count) }
            }
        }
    }

    deinit { memory.deallocate() }

    /// Valid as long as the object lives.
    var pointer: UnsafePointer<Float> { UnsafePointer(memory) }

    var values: [Float] { Array(UnsafeBufferPointer(start: memory, count: count)) }
}

enum AlignedMemory {
    /// A cache line, and the widest vector register.
    static let alignment = 64

    /// Zeros; the caller deallocates. Never of no size, so that the address is always a valid one.
    static func allocateFloats(_ count: Int) -> UnsafeMutablePointer<Float> {
        let memory =
            UnsafeMutableRawPointer
            .allocate(byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: alignment)
            .bindMemory(to: Float.self, capacity: max(count, 1))
        memory.initialize(repeating: 0, count: max(count, 1))
        return memory
    }
}
