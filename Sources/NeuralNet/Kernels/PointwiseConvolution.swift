// SPDX-License-Identifier: Apache-2.0

import COpenBLAS

/// Convolution with a 1×1 window, stride 1 and no margin.
enum PointwiseConvolution {
    static func run(
        _ shape: ConvolutionShape, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, epilogue: Epilogue
    ) {
        let area = shape.outputArea, rows = shape.outputChannelsPerGroup, inner = shape.inputChannelsPerGroup
        for image in 0..<shape.batch {
            for group in 0..<shape.groups {
                let channel = group * rows
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(area), blasint(inner), 1,
                    weights + channel * inner, blasint(inner),
                    input + (image * shape.inputChannels + group * inner) * area, blasint(area),
                    0, output + (image * shape.outputChannels + channel) * area, blasint(area))
            }
            for channel in 0..<shape.outputChannels {
                epilogue.apply(
                    channel: channel, offset: (image * shape.outputChannels + channel) * area, count: area,
                    output: output)
            }
        }
    }
}
