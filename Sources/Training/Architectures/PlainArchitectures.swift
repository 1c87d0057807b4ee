// SPDX-License-Identifier: Apache-2.0

extension ArchitectureDescription {
    func appendReference(to builder: inout NetworkBuilder) throws(TrainingError) {
        try builder.convolution("conv1", filters: 96, kernel: 11)
        builder.rectifier("relu1")
        builder.localResponseNormalization("lrn1", size: 5, alpha: 1e-4, beta: 0.75, bias: 2)
        try builder.maximumPool("pool1", kernel: 3, stride: 2)
        try builder.convolution("conv2", filters: 256, kernel: 5, padding: 2)
        builder.rectifier("relu2")
        builder.localResponseNormalization("lrn2", size: 5, alpha: 1e-4, beta: 0.75, bias: 2)
        try builder.maximumPool("pool2", kernel: 3, stride: 2)
        try builder.dropout("drop2", ratio: 0.3, channelwise: true)
        try builder.convolution("conv3", filters: 384, kernel: 3, padding: 1)
        builder.rectifier("relu3")
        try builder.convolution("conv4", filters: 256, kernel: 3, padding: 1)
        builder.rectifier("relu4")
        try builder.maximumPool("pool4", kernel: 3, stride: 2)
        try builder.dropout("drop4", ratio: 0.3, channelwise: true)
        try builder.linear("fc1", outputs: 1024)
        builder.rectifier("relu5")
        try builder.dropout("drop5", ratio: 0.5)
        try builder.linear("fc2", outputs: 128)
        builder.rectifier("relu6")
        try builder.linear("fc3", outputs: embedding ?? 2, feedsRectifier: false)
    }

    func appendConv4(to builder: inout NetworkBuilder) throws(TrainingError) {
        for (index, filters) in stageWidths.enumerated() {
            let number = index + 1
            // The bias changes nothing before a normalisation; it is there because the published network has it.
            try builder.convolution("conv\(number)", filters: filters, kernel: 3, padding: 1)
            try builder.batchNormalization("norm\(number)")
            try append(activation ?? .relu, "act\(number)", to: &builder)
            try builder.maximumPool("pool\(number)", kernel: 2, stride: 2)
        }
        try appendHead(
            to: &builder, pooling: pooling ?? .flatten, outputs: embedding, isNormalized: isNormalized ?? false)
    }

    func appendKoch(to builder: inout NetworkBuilder) throws(TrainingError) {
        for (number, (filters, kernel)) in [(64, 10), (128, 7), (128, 4)].enumerated() {
            try builder.convolution("conv\(number + 1)", filters: filters, kernel: kernel)
            builder.rectifier("relu\(number + 1)")
            try builder.maximumPool("pool\(number + 1)", kernel: 2, stride: 2)
        }
        try builder.convolution("conv4", filters: 256, kernel: 4)
        builder.rectifier("relu4")
        try builder.linear("fc", outputs: embedding ?? 4096, feedsRectifier: false)
    }

    /// From an image of features to the embedding. Without `outputs` the vector itself is the embedding.
    func appendHead(
        to builder: inout NetworkBuilder, pooling: Pooling, outputs: Int?, isNormalized: Bool
    ) throws(TrainingError) {
        switch pooling {
        case .average: builder.globalAveragePool("pool")
        case .depthwise:
            try builder.globalDepthwiseConvolution("pool")
            try builder.batchNormalization("pool.norm")
        case .flatten, .regions: break
        }
        if pooling != .regions { builder.flatten() }
        if let dropout { try builder.dropout("drop", ratio: dropout) }
        if pooling == .regions {
            try builder.regionConvolution("fc", outputs: outputs ?? 128, regions: regions ?? 4)
            builder.flatten()
        } else if let outputs {
            try builder.linear("fc", outputs: outputs, feedsRectifier: false)
        }
        if isBatchNormalized ?? false { try builder.batchNormalization("fc.norm") }
        if isNormalized { builder.normalize("normal") }
    }

    func append(_ activation: Activation, _ name: String, to builder: inout NetworkBuilder) throws(TrainingError) {
        switch activation {
        case .relu: builder.rectifier(name)
        case .prelu: try builder.parametricRectifier(name)
        }
    }
}
