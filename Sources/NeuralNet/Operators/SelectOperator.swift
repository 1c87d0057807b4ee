// SPDX-License-Identifier: Apache-2.0

/// ONNX's Where.
struct SelectOperator: Operator {
    /// With a condition that is known when planning, whole numbers are chosen among as well.
    private struct Copy: ElementCopy {
        /// For each operand and place of the output, the place in the operand; −1 where the other is chosen.
        let places: [[Int]]

        func run<Element: BitwiseCopyable>(
            input index: Int, _ input: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>
        ) {
            places[index].withUnsafeBufferPointer { places in
                for position in 0..<places.count where places[position] >= 0 {
                    output[position] = input[places[position]]
                }
            }
        }
    }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(3, upTo: 3)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node
        let condition = try inputs.numbers(0), first = try inputs.value(1), second = try inputs.value(2)
        guard inputs.type(0) == .bool else { throw node.invalid("its condition is no truth value") }
        guard inputs.type(1) == inputs.type(2) else {
            throw node.invalid("it chooses among \(inputs.type(1)) and \(inputs.type(2))")
        }
        guard let shape = TripleBroadcastShape(condition.shape, first.shape, second.shape) else {
            throw node.invalid(
                "the shapes \(condition.shape), \(first.shape) and \(second.shape) cannot be stretched to one")
        }
        if let known = condition.constant?.floats, first.constant != nil, second.constant != nil {
            try lowering.chargeTable(shape.outputShape, tables: 4, of: node)
            let places = [first, second].map { IndexTable.places(of: $0.shape, over: shape.outputShape) }
            let chosen = IndexTable.places(of: condition.shape, over: shape.outputShape)
                .map { known.pointer[$0] != 0 }
            let copy = Copy(places: [
                zip(chosen, places[0]).map { $0 ? $1 : -1 }, zip(chosen, places[1]).map { $0 ? -1 : $1 },
            ])
            return try CopyStep.emit(copy, [first, second], shape: shape.outputShape, of: node, into: &lowering)
        }
        return try lowering.emit(
            SelectStep(shape: shape), [condition, try inputs.numbers(1), try inputs.numbers(2)],
            shape: shape.outputShape, type: inputs.type(1), of: node)
    }
}

struct SelectStep: CountedStep {
    let shape: TripleBroadcastShape

    var work: Work { Work(shape.count, WorkCost.single) }

    func run(_ memory: StepMemory) {
        SelectKernel.run(
            shape, condition: memory.operand(0), then: memory.operand(1), else: memory.operand(2),
            output: memory.output)
    }
}
