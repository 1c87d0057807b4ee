// SPDX-License-Identifier: Apache-2.0

/// Steps for operators that are made of others, in the name of one node.
struct Composition {
    let node: Node

    func binary(
        _ operation: BinaryOperation, _ left: PlanValue, _ right: PlanValue, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        try BinaryStep.emit(operation, left, right, of: node, into: &lowering)
    }

    func scale(_ value: PlanValue, by factor: Float, _ lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        factor == 1 ? value : try binary(.multiply, value, .scalar(factor), &lowering)
    }

    func unary(
        _ operation: UnaryOperation, _ value: PlanValue, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        try UnaryStep.emit(operation, value, of: node, into: &lowering)
    }

    func function(
        _ function: ElementFunction, _ value: PlanValue, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        try FunctionStep.emit(function, value, of: node, into: &lowering)
    }

    func transpose(
        _ value: PlanValue, _ permutation: [Int], _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        try ViewCopy.transpose(value, permutation, of: node, into: &lowering)
    }

    func multiplyMatrices(
        _ left: PlanValue, _ right: PlanValue, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        guard let shape = MatMulShape(left: left.shape, right: right.shape) else {
            throw node.invalid("the shapes \(left.shape) and \(right.shape) cannot be multiplied")
        }
        return try lowering.emit(MatMulStep(shape: shape), [left, right], shape: shape.outputShape, of: node)
    }

    func concatenate(
        _ parts: [PlanValue], axis: Int, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        try ConcatenationOperator.concatenate(parts, axis: axis, of: node, into: &lowering)
    }

    func slice(
        _ value: PlanValue, axis: Int, from start: Int, count: Int, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        guard start >= 0, count >= 0, start + count <= value.shape[axis] else {
            throw node.invalid("\(count) entries from \(start) on are not in the shape \(value.shape)")
        }
        return try ViewCopy.slice(value, axis: axis, start: start, count: count, of: node, into: &lowering)
    }
}
