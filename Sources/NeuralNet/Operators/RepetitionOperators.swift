// SPDX-License-Identifier: Apache-2.0

/// ONNX's Expand.
struct ExpandOperator: Operator {
    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0), stated = try inputs.requiredIntegers(1)
        // Both are stretched: an extent of 1 keeps the input's.
        let rank = max(stated.count, input.shape.count)
        let wide = Array(repeating: 1, count: rank - stated.count) + stated
        let own = Array(repeating: 1, count: rank - input.shape.count) + input.shape
        let shape = zip(wide, own).map { $0 == 1 ? $1 : $0 }
        guard elementCount(of: shape) != nil else { throw node.invalid("\(stated) is no shape") }
        return try ViewCopy.expand(input, to: shape, of: node, into: &lowering)
    }
}

/// ONNX's Tile.
struct TileOperator: Operator {
    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0), repeats = try inputs.requiredIntegers(1)
        guard repeats.count == input.shape.count, repeats.allSatisfy({ $0 >= 0 }) else {
            throw node.invalid("\(input.shape) cannot be repeated \(repeats) times")
        }
        let own = TensorExtent.strides(of: input.shape)
        var extents: [Int] = [], strides: [Int] = [], shape: [Int] = []
        for axis in repeats.indices {
            extents += [repeats[axis], input.shape[axis]]
            strides += [0, own[axis]]
            let (extent, overflows) = repeats[axis].multipliedReportingOverflow(by: input.shape[axis])
            guard !overflows else { throw node.invalid("\(input.shape) cannot be repeated \(repeats) times") }
            shape.append(extent)
        }
        return try ViewCopy.emit(input, extents: extents, strides: strides, shape: shape, of: node, into: &lowering)
    }
}

/// ONNX's DepthToSpace (from operator set 11 on in two orders) and SpaceToDepth (from 28 on in two orders), over images
/// of two spatial axes.
struct DepthSpaceOperator: Operator {
    private let block: Int
    private let isToSpace: Bool
    /// Columns, rows, depth; else depth, columns, rows.
    private let isDepthLast: Bool

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        try reader.requireInputs(1, upTo: 1)
        isToSpace = node.operatorType == "DepthToSpace"
        guard let block = try reader.int("blocksize"), block > 0, block <= 1 << 12 else {
            throw node.invalid("its attribute “blocksize” is missing, not positive or more than 4096")
        }
        self.block = block
        let mode = reader.opset >= (isToSpace ? 11 : 28) ? try reader.string("mode", default: "DCR") : "DCR"
        guard mode == "DCR" || mode == "CRD" else { throw node.invalid("mode is “\(mode)”, and is DCR or CRD") }
        isDepthLast = mode == "CRD"
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0), shape = input.shape
        guard shape.count == 4, elementCount(of: shape) != nil, shape.allSatisfy({ $0 <= 1 << 38 }) else {
            throw node.invalid("its input of shape \(shape) is no batch of images")
        }
        let seen: [Int], permutation: [Int], result: [Int]
        if isToSpace {
            guard shape[1] % (block * block) == 0 else {
                throw node.invalid("\(shape[1]) channels are no multiple of \(block * block)")
            }
            let depth = shape[1] / (block * block)
            seen =
                isDepthLast
                ? [shape[0], depth, block, block, shape[2], shape[3]]
                : [shape[0], block, block, depth, shape[2], shape[3]]
            permutation = isDepthLast ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]
            result = [shape[0], depth, shape[2] * block, shape[3] * block]
        } else {
            guard shape[2] % block == 0, shape[3] % block == 0 else {
                throw node.invalid("\(shape[2]) × \(shape[3]) is no multiple of \(block) × \(block)")
            }
            let height = shape[2] / block, width = shape[3] / block
            seen = [shape[0], shape[1], height, block, width, block]
            permutation = isDepthLast ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4]
            result = [shape[0], shape[1] * block * block, height, width]
        }
        return try ViewCopy.transpose(input.reshaped(seen), permutation, of: node, into: &lowering).reshaped(result)
    }
}
