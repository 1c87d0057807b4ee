// SPDX-License-Identifier: Apache-2.0

// What kernels take, by the shapes that they work on.

extension ConvolutionShape {
    /// In blocks, channels are filled up to whole blocks. Other groups are convolved one by one, each of whose windows are
    /// laid out.
    var work: Work {
        let places = Work(batch, outputHeight, outputWidth).units
        let kernel = Work(window.kernelHeight, window.kernelWidth).units
        let lanes = BlockedShape.lanes
        let outputs = BlockedShape.blocks(outputChannels)
        if groups == 1 {
            let few = inputChannels < lanes / 2
            let inputs = few ? inputChannels : BlockedShape.blocks(inputChannels) * lanes
            return Work(places, kernel, inputs, outputs, lanes)
        }
        if BlockedDepthwise.supports(self) { return Work(places, kernel, outputs, lanes, 4) }
        let columns = Work(places, kernel, inputChannels, WorkCost.single)
        return Work(multiplyAdds, 2) + columns + Work(batch, groups, outputHeight, WorkCost.matrixCall)
    }

    /// The most floats that its weights take in another layout; 0 where they stay in ONNX's.
    var preparedWeightsCount: Int {
        let methods: [BlockedMethod]
        if BlockedDepthwise.supports(self) {
            methods = [.depthwise]
        } else {
            methods = groups == 1 ? [.choose(for: self), .direct(.planes)] : []
        }
        return methods.filter { $0.takesReasonableWeights(self) }.map { $0.weightsCount(self) }.max() ?? 0
    }
}

extension VolumeConvolution {
    var work: Work {
        let columns = Work(batch, inputChannels, window.tapCount, WorkCost.single)
        let scratch = Work(scratchCount, WorkCost.value) + Work(WorkCost.matrixCall)
        let products = Work(batch, outputChannels, inputChannels / groups, window.kernelCount, window.outputCount)
        return products + columns + Work(batch, groups, scratch.units)
    }
}

extension VolumeWindow {
    /// The most places of the kernel inside the image, for all places of the window.
    var tapCount: Int {
        (0..<Self.axes).reduce(Work(outputCount)) { Work($0.units, min(kernel[$1], input[$1])) }.units
    }
}

extension PoolShape {
    /// The values that all windows of a plane cover.
    var taps: Int {
        let rows = min(window.kernelHeight, inputHeight), columns = min(window.kernelWidth, inputWidth)
        return Work(outputHeight, outputWidth, rows, columns).units
    }
}

extension GemmShape {
    /// One row times a matrix waits for the matrix.
    var work: Work { Work(rows, columns, inner) + Work(inner, columns, 4) + Work(WorkCost.matrixCall) }
}

extension MatMulShape {
    var work: Work {
        let one = Work(rows, columns, inner) + Work(inner, columns, 4) + Work(WorkCost.matrixCall)
        return Work(products, one.units)
    }
}

extension BroadcastShape {
    var work: Work { Work(rows, row, WorkCost.value) + Work(rows, WorkCost.single) }
}

extension BinaryOperation {
    /// For each value.
    var cost: Int {
        switch self {
        case .power, .modulo, .remainder: WorkCost.libraryFunction
        case .or, .xor: WorkCost.single
        default: WorkCost.value
        }
    }
}

extension ElementFunction {
    /// For each value.
    var cost: Int {
        switch self {
        case .softplus, .elu, .selu, .celu, .sin, .cos, .tan, .asin, .acos, .atan, .sinh, .cosh, .asinh, .acosh, .atanh:
            WorkCost.libraryFunction
        case .power(let exponent):
            [0.5, 0.75, 2].contains(exponent) ? WorkCost.function : WorkCost.libraryFunction
        default: WorkCost.function
        }
    }
}

extension ReductionShape {
    var inputCount: Int { Work(kept.count, reduced.count).units }
}

extension AxisResampling {
    var tapCount: Int { Work(newExtent, width).units }
}

extension ComputedPlaces {
    var work: Work { Work(starts.count, max(extents.count, 1), WorkCost.single) }
}
