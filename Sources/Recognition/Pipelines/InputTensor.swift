// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Turns images into the numbers of a network's input.
struct InputTensor: Sendable {
    let input: NetworkInput
    /// For each channel of the network, in its order, the number of every level.
    private let numbers: [[Float]]

    init(_ input: NetworkInput) {
        self.input = input
        numbers = zip(input.mean, input.standardDeviation).map { mean, deviation in
            (0...255).map { Float((Double($0) - mean) / deviation) }
        }
    }

    /// How many numbers one image becomes.
    var count: Int { input.width * input.height * input.channels.count }

    /// Writes an image of the input's size to `values`, from `start` on.
    func write(_ image: RGBImage, to values: inout [Float], at start: Int) {
        for channel in numbers.indices {
            let numbers = numbers[channel], plane = image.pixels.count
            var position: Int, step: Int
            switch input.layout {
            case .nchw: (position, step) = (start + channel * plane, 1)
            case .nhwc: (position, step) = (start + channel, input.channels.count)
            }
            for pixel in image.pixels {
                values[position] = numbers[Int(level(of: pixel, channel: channel))]
                position += step
            }
        }
    }

    private func level(of pixel: RGB, channel: Int) -> UInt8 {
        switch (input.channels, channel) {
        case (.gray, _): pixel.luma
        case (.rgb, 0), (.bgr, 2): pixel.red
        case (_, 1): pixel.green
        default: pixel.blue
        }
    }
}
