// SPDX-License-Identifier: Apache-2.0

/// ONNX's RNN, GRU and LSTM, over sequences that are all as long as the input. Each entry of a sequence becomes steps of
/// its own. From operator set 14 on the batch may come first (`layout`).
struct RecurrentOperator: MultipleOutputOperator {
    private enum Kind: String {
        case simple = "RNN", gru = "GRU", lstm = "LSTM"

        var gates: Int {
            switch self {
            case .simple: 1
            case .gru: 3
            case .lstm: 4
            }
        }

        /// What each direction applies, where the node does not say.
        var activations: [String] {
            switch self {
            case .simple: ["Tanh"]
            case .gru: ["Sigmoid", "Tanh"]
            case .lstm: ["Sigmoid", "Tanh", "Tanh"]
            }
        }
    }

    private let kind: Kind
    private let hidden: Int
    private let directions: Int
    private let isReversed: Bool
    private let activations: [String]
    private let isBatchFirst: Bool
    private let isLinearBeforeReset: Bool

    var plannedInputs: [Int] { [4] }
    var outputCount: Int { kind == .lstm ? 3 : 2 }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        guard let kind = Kind(rawValue: node.operatorType) else {
            throw .unsupportedOperator(operatorType: node.operatorType, node: node.label)
        }
        self.kind = kind
        try reader.requireInputs(3, upTo: kind == .lstm ? 8 : 6)
        guard let hidden = try reader.int("hidden_size"), hidden > 0, hidden <= 1 << 24 else {
            throw node.invalid("its attribute “hidden_size” is missing, not positive or more than 16,777,216")
        }
        self.hidden = hidden
        let direction = try reader.string("direction", default: "forward")
        guard ["forward", "reverse", "bidirectional"].contains(direction) else {
            throw node.invalid("direction is “\(direction)”")
        }
        directions = direction == "bidirectional" ? 2 : 1
        isReversed = direction == "reverse"
        let activations = try reader.strings("activations")
        self.activations = activations ?? Array(repeating: kind.activations, count: directions).flatMap { $0 }
        let known: Set = ["Sigmoid", "Tanh", "Relu", "Softsign", "Softplus"]
        guard self.activations.count == directions * kind.activations.count,
            self.activations.allSatisfy(known.contains)
        else { throw node.unsupported("the activations \(self.activations)") }
        isBatchFirst = reader.opset >= 14 ? try reader.flag("layout") : false
        isLinearBeforeReset = kind == .gru ? try reader.flag("linear_before_reset") : false
        if kind == .lstm, try reader.flag("input_forget") { throw node.unsupported("input_forget is 1") }
    }

    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?] {
        let node = inputs.node, make = Composition(node: node)
        var input = try inputs.floats(0)
        guard input.shape.count == 3, input.shape.allSatisfy({ $0 > 0 }) else {
            throw node.invalid("its input of shape \(input.shape) is no batch of sequences")
        }
        if isBatchFirst { input = try make.transpose(input, [1, 0, 2], &lowering) }
        let length = input.shape[0], batch = input.shape[1], size = input.shape[2]
        if let lengths = try inputs.integers(4), lengths.contains(where: { $0 != length }) {
            throw node.unsupported("sequences that are shorter than its input")
        }
        let rows = kind.gates * hidden
        try check(inputs, 1, [directions, rows, size])
        try check(inputs, 2, [directions, rows, hidden])
        try check(inputs, 3, [directions, 2 * rows])
        for index in [5, 6] {
            try check(inputs, index, isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden])
        }
        try check(inputs, 7, [directions, 3 * hidden])
        var sequences: [PlanValue] = [], ends: [PlanValue] = [], cells: [PlanValue] = []
        for direction in 0..<directions {
            let pass = try Pass(self, inputs, direction, input, make, &lowering)
            let result = try run(pass, isReversed: isReversed || direction == 1, length, make, &lowering)
            // Length × 1 × batch × hidden, and 1 × batch × hidden.
            sequences.append(result.sequence.reshaped([length, 1, batch, hidden]))
            ends.append(result.hidden.reshaped([1, batch, hidden]))
            cells.append(result.cell.reshaped([1, batch, hidden]))
        }
        var sequence = try make.concatenate(sequences, axis: 1, &lowering)
        var outputs = [try make.concatenate(ends, axis: 0, &lowering)]
        if kind == .lstm { outputs.append(try make.concatenate(cells, axis: 0, &lowering)) }
        if isBatchFirst {
            sequence = try make.transpose(sequence, [2, 0, 1, 3], &lowering)
            for index in outputs.indices { outputs[index] = try make.transpose(outputs[index], [1, 0, 2], &lowering) }
        }
        return [sequence] + outputs
    }

    private func check(_ inputs: NodeInputs, _ index: Int, _ shape: [Int]) throws(NetworkError) {
        guard let value = try inputs.optionalFloats(index), value.shape != shape else { return }
        throw inputs.node.invalid("input \(index + 1) has the shape \(value.shape) instead of \(shape)")
    }

    /// What one direction works with: its weights turned, and the products of the input with them for all entries.
    private struct Pass {
        /// Length × batch × gates.
        let products: PlanValue
        let recurrent: PlanValue
        /// Of the recurrence, where it is added by itself.
        let recurrentBias: PlanValue?
        /// The weights and that bias of each gate of a GRU.
        let gates: [(weights: PlanValue, bias: PlanValue?)]
        let peepholes: [PlanValue]
        let hidden: PlanValue
        let cell: PlanValue
        let activations: [String]

        init(
            _ layer: RecurrentOperator, _ inputs: NodeInputs, _ direction: Int, _ input: PlanValue,
            _ make: Composition, _ lowering: inout Lowering
        ) throws(NetworkError) {
            let length = input.shape[0], batch = input.shape[1], size = input.shape[2]
            let rows = layer.kind.gates * layer.hidden, hidden = layer.hidden
            func own(_ index: Int, axis: Int = 0) throws(NetworkError) -> PlanValue {
                try make.slice(try inputs.floats(index), axis: axis, from: direction, count: 1, &lowering)
            }
            let weights = try make.transpose(try own(1).reshaped([rows, size]), [1, 0], &lowering)
            recurrent = try make.transpose(try own(2).reshaped([rows, hidden]), [1, 0], &lowering)
            var products = try make.multiplyMatrices(input.reshaped([length * batch, size]), weights, &lowering)
            if inputs.optional(3) == nil {
                recurrentBias = nil
            } else {
                let biases = try own(3).reshaped([2 * rows])
                let first = try make.slice(biases, axis: 0, from: 0, count: rows, &lowering)
                products = try make.binary(.add, products, first, &lowering)
                let second = try make.slice(biases, axis: 0, from: rows, count: rows, &lowering)
                if layer.isLinearBeforeReset {
                    recurrentBias = second
                } else {
                    products = try make.binary(.add, products, second, &lowering)
                    recurrentBias = nil
                }
            }
            self.products = products.reshaped([length, batch, rows])
            var gates: [(weights: PlanValue, bias: PlanValue?)] = []
            for index in 0..<(layer.kind == .gru ? layer.kind.gates : 0) {
                let weights = try layer.gate(recurrent, index, make, &lowering)
                let bias = try recurrentBias.map { bias throws(NetworkError) in
                    try layer.gate(bias, index, make, &lowering)
                }
                gates.append((weights, bias))
            }
            self.gates = gates
            func start(_ index: Int) throws(NetworkError) -> PlanValue {
                guard inputs.optional(index) != nil else {
                    return try ViewCopy.expand(.scalar(0), to: [batch, hidden], of: make.node, into: &lowering)
                }
                return try own(index, axis: layer.isBatchFirst ? 1 : 0).reshaped([batch, hidden])
            }
            self.hidden = try start(5)
            cell = layer.kind == .lstm ? try start(6) : self.hidden
            var peepholes: [PlanValue] = []
            if layer.kind == .lstm, inputs.optional(7) != nil {
                let all = try own(7).reshaped([3 * hidden])
                for gate in 0..<3 {
                    peepholes.append(try make.slice(all, axis: 0, from: gate * hidden, count: hidden, &lowering))
                }
            }
            self.peepholes = peepholes
            let count = layer.kind.activations.count
            activations = Array(layer.activations[direction * count..<(direction + 1) * count])
        }
    }

    private func run(
        _ pass: Pass, isReversed: Bool, _ length: Int, _ make: Composition, _ lowering: inout Lowering
    ) throws(NetworkError) -> (sequence: PlanValue, hidden: PlanValue, cell: PlanValue) {
        var state = pass.hidden, cell = pass.cell
        var states: [PlanValue] = []
        for round in 0..<length {
            try lowering.count(make.node)
            let place = isReversed ? length - 1 - round : round
            let entry = try make.slice(pass.products, axis: 0, from: place, count: 1, &lowering)
                .reshaped(Array(pass.products.shape.dropFirst()))
            switch kind {
            case .simple:
                let product = try make.multiplyMatrices(state, pass.recurrent, &lowering)
                let sum = try make.binary(.add, entry, product, &lowering)
                state = try activate(pass.activations[0], sum, make, &lowering)
            case .gru: state = try gru(pass, entry, state, make, &lowering)
            case .lstm: (state, cell) = try lstm(pass, entry, state, cell, make, &lowering)
            }
            states.append(state)
        }
        if isReversed { states.reverse() }
        return (try Stacking.stack(states, axis: 0, of: make.node, into: &lowering), state, cell)
    }

    fileprivate func gate(
        _ value: PlanValue, _ index: Int, _ make: Composition, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        try make.slice(value, axis: value.shape.count - 1, from: index * hidden, count: hidden, &lowering)
    }

    /// The gates are z, r and h: z keeps what was, r resets it.
    private func gru(
        _ pass: Pass, _ entry: PlanValue, _ state: PlanValue, _ make: Composition, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        func recurrence(_ value: PlanValue, _ index: Int) throws(NetworkError) -> PlanValue {
            let product = try make.multiplyMatrices(value, pass.gates[index].weights, &lowering)
            guard let bias = pass.gates[index].bias else { return product }
            return try make.binary(.add, product, bias, &lowering)
        }
        func opened(_ index: Int) throws(NetworkError) -> PlanValue {
            let own = try gate(entry, index, make, &lowering)
            let sum = try make.binary(.add, own, try recurrence(state, index), &lowering)
            return try activate(pass.activations[0], sum, make, &lowering)
        }
        let kept = try opened(0), reset = try opened(1)
        let before: PlanValue
        if isLinearBeforeReset {
            before = try make.binary(.multiply, reset, try recurrence(state, 2), &lowering)
        } else {
            before = try recurrence(try make.binary(.multiply, reset, state, &lowering), 2)
        }
        let sum = try make.binary(.add, try gate(entry, 2, make, &lowering), before, &lowering)
        let new = try activate(pass.activations[1], sum, make, &lowering)
        // (1 − z) · new + z · old
        let difference = try make.binary(.subtract, state, new, &lowering)
        return try make.binary(.add, new, try make.binary(.multiply, kept, difference, &lowering), &lowering)
    }

    /// The gates are i, o, f and c: input, output, forget and cell.
    private func lstm(
        _ pass: Pass, _ entry: PlanValue, _ state: PlanValue, _ cell: PlanValue, _ make: Composition,
        _ lowering: inout Lowering
    ) throws(NetworkError) -> (PlanValue, PlanValue) {
        let product = try make.multiplyMatrices(state, pass.recurrent, &lowering)
        let sums = try make.binary(.add, entry, product, &lowering)
        func opened(_ index: Int, _ seen: PlanValue) throws(NetworkError) -> PlanValue {
            var sum = try gate(sums, index, make, &lowering)
            if !pass.peepholes.isEmpty {
                let peek = try make.binary(.multiply, seen, pass.peepholes[index], &lowering)
                sum = try make.binary(.add, sum, peek, &lowering)
            }
            return try activate(pass.activations[0], sum, make, &lowering)
        }
        let input = try opened(0, cell), forget = try opened(2, cell)
        let candidate = try activate(pass.activations[1], try gate(sums, 3, make, &lowering), make, &lowering)
        let left = try make.binary(.multiply, forget, cell, &lowering)
        let added = try make.binary(.multiply, input, candidate, &lowering)
        let new = try make.binary(.add, left, added, &lowering)
        let output = try opened(1, new)
        let shown = try activate(pass.activations[2], new, make, &lowering)
        return (try make.binary(.multiply, output, shown, &lowering), new)
    }

    private func activate(
        _ name: String, _ value: PlanValue, _ make: Composition, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        switch name {
        case "Sigmoid": try make.unary(.sigmoid, value, &lowering)
        case "Tanh": try make.unary(.tanh, value, &lowering)
        case "Relu": try make.unary(.relu, value, &lowering)
        case "Softsign": try make.function(.softsign, value, &lowering)
        default: try make.function(.softplus, value, &lowering)
        }
    }
}
