// SPDX-License-Identifier: Apache-2.0

/// A kernel that only moves elements, so that it serves numbers of every type: those of a run in single precision,
/// and those of shapes and indices while planning.
protocol ElementCopy: Sendable {
    /// Copies one input to where it belongs in the output.
    func run<Element: BitwiseCopyable>(
        input index: Int, _ input: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>)
}

struct CopyStep<Copy: ElementCopy>: CountedStep {
    let copy: Copy
    let inputCount: Int

    var work: Work { .zero }

    func run(_ memory: StepMemory) {
        for index in 0..<inputCount { copy.run(input: index, memory.operand(index), into: memory.output) }
    }

    /// Constants that are no floats are moved at once, others by a step. All inputs are of one type.
    static func emit(
        _ copy: Copy, _ inputs: [PlanValue], shape: [Int], of node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        let types = inputs.map(lowering.elementType), constants = inputs.compactMap(\.constant)
        guard let type = types.first, types.allSatisfy({ $0 == type }) else {
            throw node.invalid("its inputs are not of one type")
        }
        guard type != .float, constants.count == inputs.count else {
            let operands = try inputs.map { value throws(NetworkError) in try value.asFloats(of: node) }
            return try lowering.emit(
                CopyStep(copy: copy, inputCount: inputs.count), operands, shape: shape, type: type, of: node)
        }
        try lowering.charge(shape: shape, elementSize: type.size, of: node)
        let count = elementCount(of: shape) ?? 0
        let tensors = constants.map(\.tensor)
        let storage: ConstantTensor.Storage =
            switch type {
            case .float, .double:
                .double(move(copy, tensors, count) { if case .double(let values) = $0 { values } else { [] } })
            case .int64: .int64(move(copy, tensors, count) { if case .int64(let values) = $0 { values } else { [] } })
            case .int32: .int32(move(copy, tensors, count) { if case .int32(let values) = $0 { values } else { [] } })
            case .int16: .int16(move(copy, tensors, count) { if case .int16(let values) = $0 { values } else { [] } })
            case .int8: .int8(move(copy, tensors, count) { if case .int8(let values) = $0 { values } else { [] } })
            case .uint64:
                .uint64(move(copy, tensors, count) { if case .uint64(let values) = $0 { values } else { [] } })
            case .uint32:
                .uint32(move(copy, tensors, count) { if case .uint32(let values) = $0 { values } else { [] } })
            case .uint16:
                .uint16(move(copy, tensors, count) { if case .uint16(let values) = $0 { values } else { [] } })
            case .uint8: .uint8(move(copy, tensors, count) { if case .uint8(let values) = $0 { values } else { [] } })
            case .bool: .bool(move(copy, tensors, count) { if case .bool(let values) = $0 { values } else { [] } })
            }
        return .constant(ConstantValue(ConstantTensor(shape: shape, storage: storage)))
    }

    private static func move<Element: BitwiseCopyable>(
        _ copy: Copy, _ tensors: [ConstantTensor], _ count: Int, _ values: (ConstantTensor.Storage) -> [Element]
    ) -> [Element] {
        [Element](unsafeUninitializedCapacity: count) { output, initialized in
            guard let target = output.baseAddress, count > 0 else { return }
            for (index, tensor) in tensors.enumerated() {
                values(tensor.storage).withUnsafeBufferPointer { input in
                    if let source = input.baseAddress { copy.run(input: index, source, into: target) }
                }
            }
            initialized = count
        }
    }
}
