// SPDX-License-Identifier: Apache-2.0

/// A window over up to three spatial axes, of which missing ones come first with an extent of 1.
package struct VolumeWindow: Sendable, Hashable {
    /// The most spatial axes.
    package static let axes = 3

    package let input: [Int]
    package let kernel: [Int]
    package let strides: [Int]
    package let dilations: [Int]
    package let padsBefore: [Int]
    package let output: [Int]

    package var inputCount: Int { input[0] * input[1] * input[2] }
    package var outputCount: Int { output[0] * output[1] * output[2] }
    package var kernelCount: Int { kernel[0] * kernel[1] * kernel[2] }

    /// nil where there are more axes than three, an extent is not positive, or a product is too large.
    package init?(
        input: [Int], kernel: [Int], strides: [Int], dilations: [Int], padsBefore: [Int], output: [Int]
    ) {
        let lists = [input, kernel, strides, dilations, padsBefore, output], rank = input.count
        guard rank <= Self.axes, lists.allSatisfy({ $0.count == rank }) else { return nil }
        // Small enough that products of two do not overflow.
        guard lists.allSatisfy({ $0.allSatisfy { $0 >= 0 && $0 <= 1 << 24 } }),
            [input, kernel, strides, dilations, output].allSatisfy({ $0.allSatisfy { $0 > 0 } })
        else { return nil }
        func wide(_ values: [Int], _ missing: Int) -> [Int] {
            Array(repeating: missing, count: Self.axes - rank) + values
        }
        self.input = wide(input, 1)
        self.kernel = wide(kernel, 1)
        self.strides = wide(strides, 1)
        self.dilations = wide(dilations, 1)
        self.padsBefore = wide(padsBefore, 0)
        self.output = wide(output, 1)
        guard let kernels = TensorExtent.count(self.kernel), TensorExtent.count(self.input) != nil,
            let outputs = TensorExtent.count(self.output), TensorExtent.count([kernels, outputs]) != nil
        else { return nil }
    }

    /// Where kernel place `k` of the window at `o` lies along an axis; outside it may be negative or too large.
    @inline(__always)
    func position(_ axis: Int, _ o: Int, _ k: Int) -> Int {
        o * strides[axis] - padsBefore[axis] + k * dilations[axis]
    }

    /// The places of the kernel that lie inside the image along an axis, for the window at `o`.
    @inline(__always)
    func inside(_ axis: Int, _ o: Int) -> Range<Int> {
        let start = o * strides[axis] - padsBefore[axis], dilation = dilations[axis], room = input[axis] - start
        let first = start >= 0 ? 0 : (-start + dilation - 1) / dilation
        let end = room <= 0 ? 0 : min(kernel[axis], (room - 1) / dilation + 1)
        return first..<max(first, end)
    }

    /// The places of the window for which place `k` of the kernel lies inside the image along an axis.
    @inline(__always)
    private func places(_ axis: Int, _ k: Int) -> Range<Int> {
        let start = k * dilations[axis] - padsBefore[axis], stride = strides[axis], room = input[axis] - start
        let first = start >= 0 ? 0 : (-start + stride - 1) / stride
        let end = room <= 0 ? 0 : min(output[axis], (room - 1) / stride + 1)
        return first..<max(first, end)
    }

    /// Calls `body` with each run of places along the last axis for which a place of the kernel lies inside the image:
    /// the kernel's place, the run's first place and length, and the offset in the image of the first; the next lie a
    /// stride apart.
    @inline(__always)
    func forEachRun(_ body: (_ kernel: Int, _ output: Int, _ count: Int, _ input: Int) -> Void) {
        for a in 0..<kernel[0] {
            let depths = places(0, a)
            for b in 0..<kernel[1] {
                let rows = places(1, b)
                for c in 0..<kernel[2] {
                    let columns = places(2, c)
                    guard !columns.isEmpty else { continue }
                    let number = (a * kernel[1] + b) * kernel[2] + c, first = position(2, columns.lowerBound, c)
                    for z in depths {
                        for y in rows {
                            body(
                                number, (z * output[1] + y) * output[2] + columns.lowerBound, columns.count,
                                (position(0, z, a) * input[1] + position(1, y, b)) * input[2] + first)
                        }
                    }
                }
            }
        }
    }

    /// Calls `body` with each place of the window: its number and the kernel's places inside the image, each with its
    /// offset in the image.
    @inline(__always)
    func forEachPlace(
        _ body: (_ output: Int, _ each: ((_ kernel: Int, _ offset: Int) -> Void) -> Void) -> Void
    ) {
        var number = 0
        for z in 0..<output[0] {
            let depths = inside(0, z)
            for y in 0..<output[1] {
                let rows = inside(1, y)
                for x in 0..<output[2] {
                    let columns = inside(2, x)
                    body(number) { visit in
                        for a in depths {
                            for b in rows {
                                let line = (position(0, z, a) * input[1] + position(1, y, b)) * input[2]
                                for c in columns {
                                    visit((a * kernel[1] + b) * kernel[2] + c, line + position(2, x, c))
                                }
                            }
                        }
                    }
                    number += 1
                }
            }
        }
    }
}
