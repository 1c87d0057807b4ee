// SPDX-License-Identifier: Apache-2.0

extension ArchitectureDescription {
    /// A 3 × 3 convolution, stages of basic blocks, the head. Biases are left to the normalisations.
    func appendResidual(to builder: inout NetworkBuilder) throws(TrainingError) {
        let activation = activation ?? .relu
        try builder.convolution(
            "stem", filters: stageWidths[0], kernel: 3, stride: stemStride ?? 1, padding: 1, hasBias: false)
        try builder.batchNormalization("stem.norm")
        try append(activation, "stem.act", to: &builder)
        for (stage, (filters, count)) in zip(stageWidths, stageBlocks).enumerated() {
            for block in 0..<count {
                try appendBlock(
                    "stage\(stage + 1).block\(block + 1)", filters: filters, stride: stage > 0 && block == 0 ? 2 : 1,
                    activation, to: &builder)
            }
        }
        try appendHead(
            to: &builder, pooling: pooling ?? .average, outputs: embedding ?? 128, isNormalized: isNormalized ?? true)
    }

    private func appendBlock(
        _ name: String, filters: Int, stride: Int, _ activation: Activation, to builder: inout NetworkBuilder
    ) throws(TrainingError) {
        var shortcut = builder.current
        try builder.convolution(
            "\(name).conv1", filters: filters, kernel: 3, stride: stride, padding: 1, hasBias: false)
        try builder.batchNormalization("\(name).norm1")
        try append(activation, "\(name).act1", to: &builder)
        try builder.convolution("\(name).conv2", filters: filters, kernel: 3, padding: 1, hasBias: false)
        try builder.batchNormalization("\(name).norm2")
        if stride != 1 || shortcut.channels != filters {
            let main = builder.current
            builder.current = shortcut
            try builder.convolution("\(name).shortcut", filters: filters, kernel: 1, stride: stride, hasBias: false)
            try builder.batchNormalization("\(name).shortcut.norm")
            shortcut = builder.current
            builder.current = main
        }
        try builder.add("\(name).sum", shortcut)
        try append(activation, "\(name).act2", to: &builder)
    }

    /// A 3 × 3 convolution, a depthwise one, stages of inverted bottlenecks, a 1 × 1 convolution, the head.
    func appendDepthwise(to builder: inout NetworkBuilder) throws(TrainingError) {
        let activation = activation ?? .prelu
        try builder.convolution(
            "stem", filters: stageWidths[0], kernel: 3, stride: stemStride ?? 2, padding: 1, hasBias: false)
        try builder.batchNormalization("stem.norm")
        try append(activation, "stem.act", to: &builder)
        try builder.convolution(
            "spread", filters: stageWidths[0], kernel: 3, padding: 1, groups: stageWidths[0], hasBias: false)
        try builder.batchNormalization("spread.norm")
        try append(activation, "spread.act", to: &builder)
        for (stage, (filters, count)) in zip(stageWidths, stageBlocks).enumerated() {
            for block in 0..<count {
                try appendBottleneck(
                    "stage\(stage + 1).block\(block + 1)", filters: filters, stride: block == 0 ? 2 : 1, activation,
                    to: &builder)
            }
        }
        let last = 4 * (stageWidths.last ?? 1)
        try builder.convolution("last", filters: last, kernel: 1, hasBias: false)
        try builder.batchNormalization("last.norm")
        try append(activation, "last.act", to: &builder)
        try appendHead(
            to: &builder, pooling: pooling ?? .depthwise, outputs: embedding ?? 128, isNormalized: isNormalized ?? true)
    }

    /// Twice the channels of its input within, no activation at its end (Sandler et al., *MobileNetV2*, 2018).
    private func appendBottleneck(
        _ name: String, filters: Int, stride: Int, _ activation: Activation, to builder: inout NetworkBuilder
    ) throws(TrainingError) {
        let shortcut = builder.current, inner = 2 * shortcut.channels
        try builder.convolution("\(name).expand", filters: inner, kernel: 1, hasBias: false)
        try builder.batchNormalization("\(name).norm1")
        try append(activation, "\(name).act1", to: &builder)
        try builder.convolution(
            "\(name).depthwise", filters: inner, kernel: 3, stride: stride, padding: 1, groups: inner, hasBias: false)
        try builder.batchNormalization("\(name).norm2")
        try append(activation, "\(name).act2", to: &builder)
        try builder.convolution("\(name).project", filters: filters, kernel: 1, hasBias: false)
        try builder.batchNormalization("\(name).norm3")
        if stride == 1, shortcut.channels == filters { try builder.add("\(name).sum", shortcut) }
    }
}
