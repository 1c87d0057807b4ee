// SPDX-License-Identifier: Apache-2.0

import COpenBLAS
import Foundation

/// What a pooling makes of each window.
package enum VolumePooling: Sendable, Hashable {
    case maximum
    /// The place of the greatest value, the first of equal ones, as a float: in the whole tensor, counted along rows or
    /// along columns.
    case maximumPlace(isColumnMajor: Bool)
    /// `counts` holds what each window is divided by.
    case average(counts: [Float])
    /// (Σ |x|^p)^(1/p).
    case norm(p: Float)
}

/// Pooling over up to three axes, each of whose values may be a block of `inner` that lie one after the other.
package enum VolumePoolKernel {
    package static func run(
        _ window: VolumeWindow, _ pooling: VolumePooling, planes: Int, inner: Int, input: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        for plane in 0..<planes {
            let source = input + plane * window.inputCount * inner
            let target = output + plane * window.outputCount * inner
            window.forEachPlace { position, each in
                let result = target + position * inner
                switch pooling {
                case .maximum: maximum(inner, source, result, each)
                case .maximumPlace(let isColumnMajor):
                    let found = place(source, each)
                    result.pointee = Float(plane * window.inputCount + (isColumnMajor ? turned(found, window) : found))
                case .average(let counts):
                    for index in 0..<inner { result[index] = 0 }
                    each { _, offset in add(inner, source + offset * inner, result) }
                    for index in 0..<inner { result[index] /= counts[position] }
                case .norm(let p):
                    for index in 0..<inner {
                        var sum: Float = 0
                        each { _, offset in
                            let value = abs(source[offset * inner + index])
                            sum += p == 1 ? value : p == 2 ? value * value : pow(value, p)
                        }
                        result[index] = p == 1 ? sum : p == 2 ? sum.squareRoot() : pow(sum, 1 / p)
                    }
                }
            }
        }
    }

    @inline(__always)
    fileprivate static func add(_ count: Int, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
        VectorLoop.run(count) { position, width in
            if width == VectorLoop.width {
                VectorLoop.store(
                    VectorLoop.load(UnsafePointer(target) + position) + VectorLoop.load(source + position),
                    target + position)
            } else {
                target[position] += source[position]
            }
        }
    }

    @inline(__always)
    private static func maximum(
        _ inner: Int, _ source: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>,
        _ each: ((_ kernel: Int, _ offset: Int) -> Void) -> Void
    ) {
        for index in 0..<inner { result[index] = -.infinity }
        each { _, offset in
            for index in 0..<inner where source[offset * inner + index] > result[index] {
                result[index] = source[offset * inner + index]
            }
        }
    }

    @inline(__always)
    private static func place(
        _ source: UnsafePointer<Float>, _ each: ((_ kernel: Int, _ offset: Int) -> Void) -> Void
    ) -> Int {
        var greatest = -Float.infinity, found = -1
        each { _, offset in
            if source[offset] > greatest || found < 0 { (greatest, found) = (source[offset], offset) }
        }
        return max(found, 0)
    }

    /// A place counted along columns: the first axis is the fastest.
    private static func turned(_ place: Int, _ window: VolumeWindow) -> Int {
        let column = place % window.input[2], rest = place / window.input[2]
        let row = rest % window.input[1], depth = rest / window.input[1]
        return (column * window.input[1] + row) * window.input[0] + depth
    }
}

/// Convolution over up to three axes and its transpose, by products of matrices.
package struct VolumeConvolution: Sendable, Hashable {
    /// Of the convolution: for the transpose its input is what is answered.
    package let window: VolumeWindow
    package let batch: Int
    /// Channels of the window's input and of its output.
    package let inputChannels: Int
    package let outputChannels: Int
    package let groups: Int

    /// nil where it is too large.
    package init?(window: VolumeWindow, batch: Int, inputChannels: Int, outputChannels: Int, groups: Int) {
        guard batch > 0, groups > 0, inputChannels > 0, outputChannels > 0, inputChannels % groups == 0,
            outputChannels % groups == 0,
            let columns = TensorExtent.count([inputChannels / groups, window.kernelCount, window.outputCount]),
            columns <= Int(Int32.max), outputChannels <= Int(Int32.max),
            TensorExtent.count([batch, inputChannels, window.inputCount]) != nil,
            TensorExtent.count([batch, outputChannels, window.outputCount]) != nil
        else { return nil }
        self.window = window
        self.batch = batch
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.groups = groups
    }

    /// The floats of a group's columns.
    package var scratchCount: Int { depth * window.outputCount }
    private var depth: Int { inputChannels / groups * window.kernelCount }

    /// - Parameter weights: [output channels, input channels / groups, kernel].
    package func run(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
        output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let rows = outputChannels / groups, area = window.outputCount, stride = window.strides[2]
        // What lies outside the image stays 0: each image and group fills the same places.
        scratch.update(repeating: 0, count: scratchCount)
        for image in 0..<batch {
            for group in 0..<groups {
                let source = input + (image * inputChannels + group * (inputChannels / groups)) * window.inputCount
                let target = output + (image * outputChannels + group * rows) * area
                for channel in 0..<inputChannels / groups {
                    let plane = source + channel * window.inputCount
                    let columns = scratch + channel * window.kernelCount * area
                    window.forEachRun { kernel, first, count, offset in
                        let target = columns + kernel * area + first, source = plane + offset
                        if stride == 1 {
                            target.update(from: source, count: count)
                        } else {
                            for index in 0..<count { target[index] = source[index * stride] }
                        }
                    }
                }
                fill(target, rows: rows, area: area, bias: bias.map { $0 + group * rows })
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(area), blasint(depth), 1,
                    weights + group * rows * depth, blasint(depth), scratch, blasint(area), 1, target, blasint(area))
            }
        }
    }

    /// - Parameter weights: [output channels, input channels / groups, kernel], as ONNX's ConvTranspose has them, whose
    ///   input are the window's outputs.
    package func runTransposed(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
        output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let rows = outputChannels / groups, area = window.outputCount, channels = inputChannels / groups
        let stride = window.strides[2]
        for image in 0..<batch {
            for group in 0..<groups {
                let source = input + (image * outputChannels + group * rows) * area
                let target = output + (image * inputChannels + group * channels) * window.inputCount
                cblas_sgemm(
                    CblasRowMajor, CblasTrans, CblasNoTrans, blasint(depth), blasint(area), blasint(rows), 1,
                    weights + group * rows * depth, blasint(depth), source, blasint(area), 0, scratch, blasint(area))
                fill(target, rows: channels, area: window.inputCount, bias: bias.map { $0 + group * channels })
                for channel in 0..<channels {
                    let plane = target + channel * window.inputCount
                    let columns = scratch + channel * window.kernelCount * area
                    window.forEachRun { kernel, first, count, offset in
                        let source = columns + kernel * area + first, target = plane + offset
                        if stride == 1 {
                            VolumePoolKernel.add(count, source, target)
                        } else {
                            for index in 0..<count { target[index * stride] += source[index] }
                        }
                    }
                }
            }
        }
    }

    private func fill(
        _ target: UnsafeMutablePointer<Float>, rows: Int, area: Int, bias: UnsafePointer<Float>?
    ) {
        for row in 0..<rows {
            (target + row * area).update(repeating: bias?[row] ?? 0, count: area)
        }
    }
}
