// SPDX-License-Identifier: Apache-2.0

/// Reads a network of a known architecture (`dlib/dnn/core.h`, `layers.h`, `input.h`).
///
/// The file holds the versions of the layers from the output down to the input, then the input layer, then
/// what each layer keeps from the input up to the output.
extension DlibReader {
    /// - Parameter architecture: the layers from input to output; the first is no wrapper.
    mutating func network(_ architecture: [ExpectedLayer], inputKinds: [String]) throws(DlibImportError) -> DlibNetwork
    {
        var versions: [Int] = []
        for (index, layer) in architecture.enumerated().reversed() {
            let range = layer.isWrapper ? 1...1 : index == 0 ? 2...3 : 1...2
            versions.append(try integer("the version of layer \(index)", in: range))
        }
        versions.reverse()

        let input = try inputLayer(kinds: inputKinds)
        var layers: [DlibLayer] = []
        for (index, expected) in architecture.enumerated() {
            layers.append(try layer(expected, named: "layer \(index)"))
            if !expected.isWrapper {
                try skipTrainingState(version: versions[index], isFirst: index == 0)
            }
        }
        return DlibNetwork(input: input, layers: layers)
    }

    private mutating func inputLayer(kinds: [String]) throws(DlibImportError) -> DlibInputLayer {
        let kind = try name("the input layer", oneOf: kinds)
        var means: [Float] = []
        for channel in ["red", "green", "blue"] {
            let start = offset
            let mean = try float("the mean of \(channel)")
            guard (0...255).contains(mean) else {
                throw unexpected("a mean of \(channel) in 0…255", found: "\(mean)", at: start)
            }
            means.append(mean)
        }
        switch kind {
        case "input_rgb_image_sized":
            _ = try integer("the input's rows", in: 150...150)
            _ = try integer("the input's columns", in: 150...150)
            return DlibInputLayer(means: means, pyramidPadding: 0, pyramidOuterPadding: 0)
        case "input_rgb_image_pyramid2":
            return DlibInputLayer(
                means: means,
                pyramidPadding: try integer("the padding between pyramid levels", in: 0...1000),
                pyramidOuterPadding: try integer("the padding around the pyramid", in: 0...1000))
        default:
            // The first version of the pyramid had these as constants.
            return DlibInputLayer(means: means, pyramidPadding: 10, pyramidOuterPadding: 11)
        }
    }

    private mutating func layer(_ expected: ExpectedLayer, named label: String) throws(DlibImportError) -> DlibLayer {
        switch expected {
        case .convolution(let filters, let kernel, let stride):
            return .convolution(try convolution(filters: filters, kernel: kernel, stride: stride, label: label))
        case .affine:
            return try affine(label: label)
        case .relu:
            _ = try name(label, oneOf: ["relu_"])
            return .relu
        case .maximumPool(let kernel, let stride):
            _ = try name(label, oneOf: ["max_pool_2"])
            return .maximumPool(try window(kernel: kernel, stride: stride, label: label))
        case .averagePool(let kernel, let stride):
            _ = try name(label, oneOf: ["avg_pool_2"])
            return .averagePool(try window(kernel: kernel, stride: stride, label: label))
        case .averagePoolEverything:
            _ = try name(label, oneOf: ["avg_pool_2"])
            // A window of size 0 stands for the whole image.
            _ = try window(kernel: 0, stride: 1, label: label)
            return .averagePoolEverything
        case .fullyConnected(let outputs):
            return try fullyConnected(outputs: outputs, label: label)
        case .tag(let number):
            return .tag(number)
        case .skip(let number):
            return .skip(number)
        case .addPrevious(let number):
            _ = try name(label, oneOf: ["add_prev_"])
            return .addPrevious(number)
        }
    }

    private mutating func convolution(
        filters: Int, kernel: Int, stride: Int, label: String
    ) throws(DlibImportError) -> DlibConvolution {
        let version = try name(label, oneOf: ["con_4", "con_5"])
        let parameters = try tensor("the parameters of \(label)")
        _ = try integer("the filters of \(label)", in: filters...filters)
        let window = try window(kernel: kernel, stride: stride, label: label)
        let filterShape = try aliasTensorShape("the filters of \(label)")
        let biasShape = try aliasTensorShape("the biases of \(label)")
        try skipLearningRates(label)
        let usesBias = version == "con_5" ? try bool("whether \(label) has a bias") : true

        let channels = filterShape[1]
        let area = kernel * kernel
        guard filterShape == [filters, channels, kernel, kernel], (1...4096).contains(channels) else {
            throw .inconsistent(file: file, reason: "\(label) has filters of \(filterShape)")
        }
        let weightCount = filters * channels * area
        guard biasShape == [1, filters, 1, 1] || !usesBias,
            parameters.values.count == weightCount + (usesBias ? filters : 0)
        else {
            throw .inconsistent(file: file, reason: "\(label) has \(parameters.values.count) parameters")
        }
        return DlibConvolution(
            filters: filters, channels: channels, window: window,
            weights: Array(parameters.values.prefix(weightCount)),
            biases: usesBias ? Array(parameters.values.suffix(filters)) : Array(repeating: 0, count: filters))
    }

    private mutating func affine(label: String) throws(DlibImportError) -> DlibLayer {
        let version = try name(label, oneOf: ["affine_", "affine_2", "bn_con2"])
        let parameters = try tensor("the parameters of \(label)").values
        let scaleShape = try aliasTensorShape("the scales of \(label)")
        let shiftShape = try aliasTensorShape("the shifts of \(label)")
        let channels = parameters.count / 2
        guard parameters.count == 2 * channels, scaleShape == [1, channels, 1, 1], shiftShape == scaleShape else {
            throw .inconsistent(
                file: file, reason: "\(label) has \(parameters.count) parameters for scales of \(scaleShape)")
        }
        let scale = Array(parameters.prefix(channels)), shift = Array(parameters.suffix(channels))
        guard version == "bn_con2" else {
            _ = try integer("the mode of \(label)", in: 0...0)
            if version == "affine_2" { _ = try bool("whether \(label) is off") }
            return .affine(scale: scale, shift: shift)
        }
        try skipTensor("the batch means of \(label)")
        try skipTensor("the batch deviations of \(label)")
        let means = try tensor("the means of \(label)").values
        let variances = try tensor("the variances of \(label)").values
        _ = try integer("the updates of \(label)", in: 0...Int.max)
        _ = try integer("the window of \(label)", in: 0...Int.max)
        try skipLearningRates(label)
        let epsilon = Float(try double("the epsilon of \(label)"))
        guard means.count == channels, variances.count == channels, epsilon > 0, variances.allSatisfy({ $0 >= 0 })
        else {
            throw .inconsistent(file: file, reason: "\(label) has statistics that do not fit its \(channels) channels")
        }
        let frozenScale = zip(scale, variances).map { $0 / ($1 + epsilon).squareRoot() }
        let frozenShift = zip(shift, zip(frozenScale, means)).map { $0 - $1.0 * $1.1 }
        return .affine(scale: frozenScale, shift: frozenShift)
    }

    private mutating func fullyConnected(outputs: Int, label: String) throws(DlibImportError) -> DlibLayer {
        let version = try name(label, oneOf: ["fc_2", "fc_3"])
        _ = try integer("the outputs of \(label)", in: outputs...outputs)
        let inputs = try integer("the inputs of \(label)", in: 1...1_000_000)
        let parameters = try tensor("the parameters of \(label)")
        _ = try aliasTensorShape("the weights of \(label)")
        _ = try aliasTensorShape("the biases of \(label)")
        // 1 stands for a layer without bias.
        _ = try integer("the bias mode of \(label)", in: 1...1)
        try skipLearningRates(label)
        if version == "fc_3" { _ = try bool("whether \(label) has a bias") }
        guard parameters.values.count == inputs * outputs else {
            throw .inconsistent(
                file: file, reason: "\(label) has \(parameters.values.count) weights for \(inputs)×\(outputs)")
        }
        return .fullyConnected(inputs: inputs, outputs: outputs, weights: parameters.values)
    }

    private mutating func window(kernel: Int, stride: Int, label: String) throws(DlibImportError) -> DlibWindow {
        for side in ["rows", "columns"] {
            _ = try integer("the \(side) of the window of \(label)", in: kernel...kernel)
        }
        for side in ["vertical", "horizontal"] {
            _ = try integer("the \(side) stride of \(label)", in: stride...stride)
        }
        let padding = try integer("the vertical padding of \(label)", in: 0...max(kernel - 1, 0))
        _ = try integer("the horizontal padding of \(label)", in: padding...padding)
        return DlibWindow(kernel: kernel, stride: stride, padding: padding)
    }

    private mutating func skipLearningRates(_ label: String) throws(DlibImportError) {
        for _ in 0..<4 { _ = try double("a learning rate of \(label)") }
    }

    /// What dlib keeps of training after every layer: flags, gradients and the last output.
    private mutating func skipTrainingState(version: Int, isFirst: Bool) throws(DlibImportError) {
        for _ in 0..<3 { _ = try bool("a flag of a layer") }
        try skipTensor("the gradient of a layer")
        try skipTensor("the last output of a layer")
        if isFirst || version == 2 { try skipTensor("the final gradient of a layer") }
        if isFirst, version == 3 { _ = try integer("the sample expansion of a layer", in: 1...1) }
    }
}
