// SPDX-License-Identifier: Apache-2.0

/// ONNX's BitwiseAnd, BitwiseOr, BitwiseXor, BitwiseNot and BitShift, on whole numbers that are known when planning.
struct BitwiseOperator: Operator {
    private let type: String
    private let isLeft: Bool

    var plannedInputs: [Int] { [0, 1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        type = reader.node.operatorType
        let count = type == "BitwiseNot" ? 1 : 2
        try reader.requireInputs(count, upTo: count)
        guard type == "BitShift" else { isLeft = false; return }
        let direction = try reader.string("direction", default: "")
        guard direction == "LEFT" || direction == "RIGHT" else {
            throw reader.node.invalid("direction is “\(direction)”, and is LEFT or RIGHT")
        }
        isLeft = direction == "LEFT"
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, elementType = inputs.type(0)
        guard let left = try inputs.constant(0), let a = left.integers, elementType.isInteger,
            let bits = elementType.bits, !(elementType == .uint64 && a.contains(.max))
        else {
            throw node.invalid("input 1 is \(elementType), or of more than 63 bits")
        }
        func fold(_ values: [Int64], _ shape: [Int]) throws(NetworkError) -> PlanValue {
            try lowering.fold(
                ConstantTensor(shape: shape, storage: .int64(values)).converted(to: elementType), of: node)
        }
        if type == "BitwiseNot" { return try fold(a.map { ~$0 }, left.shape) }
        guard let right = try inputs.constant(1), inputs.type(1) == elementType, let b = right.integers,
            !(elementType == .uint64 && b.contains(.max)),
            let shape = BroadcastShape(left: left.shape, right: right.shape)?.outputShape
        else { throw node.invalid("its inputs are not of one type, or cannot be stretched to one shape") }
        try lowering.chargeTable(shape, tables: 2, of: node)
        let firsts = IndexTable.places(of: left.shape, over: shape)
        let seconds = IndexTable.places(of: right.shape, over: shape)
        return try fold(zip(firsts, seconds).map { combine(a[$0], b[$1], bits, elementType) }, shape)
    }

    private func combine(_ a: Int64, _ b: Int64, _ bits: Int, _ type: ElementType) -> Int64 {
        switch self.type {
        case "BitwiseAnd": return a & b
        case "BitwiseOr": return a | b
        case "BitwiseXor": return a ^ b
        default:
            // All bits leave; what comes in are copies of the sign to the right, and zeros to the left.
            if b < 0 || b >= Int64(bits) { return isLeft || type.isUnsigned || a >= 0 ? 0 : -1 }
            return isLeft ? a &<< b : a &>> b
        }
    }
}
