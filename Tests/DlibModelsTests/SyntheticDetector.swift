// SPDX-License-Identifier: Apache-2.0

/// A detector file with made-up weights in the newest versions of dlib's formats.
struct SyntheticDetector {
    struct Layer {
        let filters: Int
        let channels: Int
        let kernel: Int
        let stride: Int
    }

    static let layers = [
        Layer(filters: 16, channels: 3, kernel: 5, stride: 2), Layer(filters: 32, channels: 16, kernel: 5, stride: 2),
        Layer(filters: 32, channels: 32, kernel: 5, stride: 2), Layer(filters: 45, channels: 32, kernel: 5, stride: 1),
        Layer(filters: 45, channels: 45, kernel: 5, stride: 1), Layer(filters: 45, channels: 45, kernel: 5, stride: 1),
        Layer(filters: 1, channels: 45, kernel: 9, stride: 1),
    ]

    var windows = 1
    var regression = false
    var overlap: Float = 0.4
    var trailing: [UInt8] = []
    /// Adds to the channels that the second layer claims to take.
    var extraChannels = 0

    /// Weight `index` of the layer numbered `layer`.
    static func weight(layer: Int, index: Int) -> Float { Float((index * 7 + layer * 3) % 11 - 5) / 64 }
    static func scale(_ channel: Int) -> Float { 1 + Float(channel % 3) / 4 }
    static func shift(_ channel: Int) -> Float { Float(channel % 5) / 8 - 0.25 }

    func bytes() -> [UInt8] {
        var writer = DlibWriter()
        writer.integer(1)
        writer.name("loss_mmod_")
        writer.integer(4)
        writer.integer(windows)
        for _ in 0..<windows {
            writer.integer(2)
            writer.integer(80)
            writer.integer(60)
            writer.name("")
        }
        for value in [1, 1, 0.5, overlap, 0.75, 0.5, 1] as [Float] { writer.float(value) }
        writer.integer(0)
        writer.bool(regression)
        writer.float(100)

        // Convolution, scale and rectifier of all but the last, whose version comes first.
        for _ in 0..<6 * 3 { writer.integer(2) }
        writer.integer(3)
        writer.name("input_rgb_image_pyramid2")
        for mean in [120, 110, 100] as [Float] { writer.float(mean) }
        writer.integer(10)
        writer.integer(11)
        for (index, layer) in Self.layers.enumerated() {
            writeConvolution(layer, index: index, to: &writer)
            if index < 6 {
                writeAffine(layer.filters, to: &writer)
                writer.name("relu_")
                writeState(isFirst: false, to: &writer)
            }
        }
        return writer.bytes + trailing
    }

    private func writeConvolution(_ layer: Layer, index: Int, to writer: inout DlibWriter) {
        let channels = layer.channels + (index == 1 ? extraChannels : 0)
        let count = layer.filters * channels * layer.kernel * layer.kernel
        writer.name("con_5")
        writer.tensor(
            shape: [1, count + layer.filters, 1, 1],
            values: (0..<count).map { Self.weight(layer: index, index: $0) }
                + (0..<layer.filters).map { Float($0) / 100 })
        for value in [layer.filters, layer.kernel, layer.kernel, layer.stride, layer.stride] { writer.integer(value) }
        let padding = layer.stride == 1 ? layer.kernel / 2 : 0
        writer.integer(padding)
        writer.integer(padding)
        alias([layer.filters, channels, layer.kernel, layer.kernel], to: &writer)
        alias([1, layer.filters, 1, 1], to: &writer)
        for _ in 0..<4 { writer.float(1) }
        writer.bool(true)
        writeState(isFirst: index == 0, to: &writer)
    }

    private func writeAffine(_ channels: Int, to writer: inout DlibWriter) {
        writer.name("affine_2")
        writer.tensor(
            shape: [1, 2 * channels, 1, 1],
            values: (0..<channels).map(Self.scale) + (0..<channels).map(Self.shift))
        alias([1, channels, 1, 1], to: &writer)
        alias([1, channels, 1, 1], to: &writer)
        writer.integer(0)
        writer.bool(false)
        writeState(isFirst: false, to: &writer)
    }

    private func writeState(isFirst: Bool, to writer: inout DlibWriter) {
        for _ in 0..<3 { writer.bool(true) }
        for _ in 0..<3 { writer.tensor(shape: [0, 0, 0, 0], values: []) }
        if isFirst { writer.integer(1) }
    }

    private func alias(_ shape: [Int], to writer: inout DlibWriter) {
        writer.integer(1)
        for size in shape { writer.integer(size) }
    }
}
