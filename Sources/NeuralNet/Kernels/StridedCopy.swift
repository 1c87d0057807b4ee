// SPDX-License-Identifier: Apache-2.0

/// Copies between a dense tensor and one seen through strides.
enum StridedCopy {
    /// The elements that the walk visits, one after the other.
    @inline(__always)
    static func gather<Element: BitwiseCopyable>(
        _ walk: StridedWalk, from input: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>
    ) {
        var position = output
        walk.forEachRun { start, length, stride in
            let source = input + start
            if stride == 1 {
                position.update(from: source, count: length)
            } else {
                for index in 0..<length { position[index] = source[index * stride] }
            }
            position += length
        }
    }
}
