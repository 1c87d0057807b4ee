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

    /// Calls `body` with each place of the window: its number and the kernel's places inside the image, each with its
    /// offset in the image.
    @inline(__always)
    func forEachPlace(
        _ body: (_ output: Int, _ each: ((_ kernel: Int, _ offset: Int) -> Void) -> Void) -> Void
    ) {
        var number = 0
        for z in 0..<output[0] {
            for y in 0..<output[1] {
                for x in 0..<output[2] {
                    body(number) { visit in
                        for a in 0..<kernel[0] {
                            let depth = position(0, z, a)
                            guard depth >= 0, depth < input[0] else { continue }
                            for b in 0..<kernel[1] {
                                let row = position(1, y, b)
                                guard row >= 0, row < input[1] else { continue }
                                let line = (depth * input[1] + row) * input[2]
                                for c in 0..<kernel[2] {
                                    let column = position(2, x, c)
                                    guard column >= 0, column < input[2] else { continue }
                                    visit((a * kernel[1] + b) * kernel[2] + c, line + column)
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
