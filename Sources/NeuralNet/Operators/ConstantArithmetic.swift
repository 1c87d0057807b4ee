// SPDX-License-Identifier: Apache-2.0

/// Arithmetic on shapes and indices, while planning.
enum ConstantArithmetic {
    /// Both tensors must hold the same kind of integers, or truth values. Sums and products wrap around, as in ONNX
    /// Runtime.
    static func evaluate(
        _ operation: BinaryOperation, _ left: ConstantTensor, _ right: ConstantTensor, outputShape: [Int], of node: Node
    ) throws(NetworkError) -> ConstantTensor {
        guard left.elementType == right.elementType, let a = left.integers, let b = right.integers else {
            throw node.invalid("it combines \(left.elementType) with \(right.elementType)")
        }
        let isUnsigned64 = left.elementType == .uint64
        if isUnsigned64, a.contains(.max) || b.contains(.max) {
            throw node.unsupported("it calculates with a uint64 of more than 63 bits")
        }
        let count = elementCount(of: outputShape) ?? 0
        let leftStrides = TensorExtent.strides(of: left.shape, stretchedOver: outputShape.count),
            rightStrides = TensorExtent.strides(of: right.shape, stretchedOver: outputShape.count)
        var values: [Int64] = []
        values.reserveCapacity(count)
        for position in 0..<count {
            var rest = position, leftPlace = 0, rightPlace = 0
            for axis in outputShape.indices.reversed() {
                let index = rest % outputShape[axis]
                rest /= outputShape[axis]
                leftPlace += index * leftStrides[axis]
                rightPlace += index * rightStrides[axis]
            }
            values.append(try combine(operation, a[leftPlace], b[rightPlace], node))
        }
        return ConstantTensor(shape: outputShape, storage: .int64(values)).converted(
            to: operation.isTest ? .bool : left.elementType)
    }

    private static func combine(
        _ operation: BinaryOperation, _ a: Int64, _ b: Int64, _ node: Node
    ) throws(NetworkError) -> Int64 {
        switch operation {
        case .add: return a &+ b
        case .subtract: return a &- b
        case .multiply: return a &* b
        case .minimum: return min(a, b)
        case .maximum: return max(a, b)
        case .divide:
            guard b != 0 else { throw node.invalid("it divides an integer by zero") }
            return a.dividedReportingOverflow(by: b).partialValue
        case .modulo:
            guard b != 0 else { throw node.invalid("it divides an integer by zero") }
            let rest = a.remainderReportingOverflow(dividingBy: b).partialValue
            return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
        case .remainder:
            guard b != 0 else { throw node.invalid("it divides an integer by zero") }
            return a.remainderReportingOverflow(dividingBy: b).partialValue
        case .equal: return a == b ? 1 : 0
        case .less: return a < b ? 1 : 0
        case .lessOrEqual: return a <= b ? 1 : 0
        case .greater: return a > b ? 1 : 0
        case .greaterOrEqual: return a >= b ? 1 : 0
        case .and: return a & b
        case .or: return a | b
        case .xor: return a ^ b
        case .power: return try power(a, b, node)
        case .prelu: throw node.unsupported("it is applied to integers")
        }
    }

    private static func power(_ base: Int64, _ exponent: Int64, _ node: Node) throws(NetworkError) -> Int64 {
        guard exponent >= 0 else { throw node.unsupported("it raises an integer to the power \(exponent)") }
        var result: Int64 = 1, square = base, rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = result &* square }
            square = square &* square
            rest >>= 1
        }
        return result
    }
}
