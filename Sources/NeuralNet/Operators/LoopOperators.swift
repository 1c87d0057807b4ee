// SPDX-License-Identifier: Apache-2.0

/// ONNX's Loop, whose number of rounds is known when planning. Each round becomes steps of its own.
struct LoopOperator: MultipleOutputOperator {
    private let body: SubgraphBody
    private let carried: Int
    /// Its own inputs, after which those that the body uses of the graph around it follow.
    private let own: Int

    var plannedInputs: [Int] { Array(0..<min(own, 2)) }
    var outputCount: Int { body.outputCount - 1 }

    init(
        _ reader: inout NodeReader, in loader: NetworkLoader, lowering: inout Lowering
    ) throws(NetworkError) {
        let node = reader.node
        try reader.requireInputs(0, upTo: .max)
        body = try SubgraphBody(try reader.subgraph("body"), in: loader, of: node, lowering: &lowering)
        own = node.inputs.count
        carried = max(0, own - 2)
        guard body.inputs.count == carried + 2, body.outputCount >= carried + 1,
            !node.inputs.dropFirst(2).contains("")
        else {
            throw node.invalid("its body does not take and answer what it carries")
        }
    }

    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?] {
        let node = inputs.node
        // Neither bound stated is a loop without an end, which the bound on steps ends.
        let rounds = own > 0 ? try inputs.integer(0) ?? .max : .max
        var goesOn = own > 1 ? try inputs.integer(1) ?? 1 : 1
        let around = SubgraphOperators.around(inputs, after: own)
        var state: [PlanValue] = []
        for index in 0..<carried { state.append(try inputs.value(index + 2)) }
        var scans = Array(repeating: [PlanValue](), count: body.outputCount - 1 - carried)
        var round = 0
        while round < rounds, goesOn != 0 {
            let given: [PlanValue] =
                [Self.constant(.int64([Int64(round)])), Self.constant(.bool([true]))] + state
            let results = try body.lower(around: around, given: given, of: node, into: &lowering)
            guard let condition = results[0].constant, condition.count == 1, let value = condition.integers?.first
            else {
                throw node.unsupported("its condition depends on the values given to the network")
            }
            goesOn = Int(value)
            state = Array(results.dropFirst().prefix(carried))
            for index in scans.indices { scans[index].append(results[1 + carried + index]) }
            round += 1
        }
        var outputs: [PlanValue?] = state
        for (index, parts) in scans.enumerated() {
            outputs.append(
                inputs.wants(output: carried + index)
                    ? try Stacking.stack(parts, axis: 0, of: node, into: &lowering) : nil)
        }
        return outputs
    }

    private static func constant(_ storage: ConstantTensor.Storage) -> PlanValue {
        .constant(ConstantValue(ConstantTensor(shape: [], storage: storage)))
    }
}

/// ONNX's Scan, from operator set 9 on. Each round becomes steps of its own.
struct ScanOperator: MultipleOutputOperator {
    private let body: SubgraphBody
    private let states: Int
    private let scanned: Int
    private let inputAxes: [Int]
    private let outputAxes: [Int]
    private let inputsReversed: [Int]
    private let outputsReversed: [Int]

    var outputCount: Int { body.outputCount }

    init(
        _ reader: inout NodeReader, in loader: NetworkLoader, lowering: inout Lowering
    ) throws(NetworkError) {
        let node = reader.node
        guard reader.opset >= 9 else { throw node.unsupported("its form of operator set 8") }
        try reader.requireInputs(node.inputs.count, upTo: .max)
        body = try SubgraphBody(try reader.subgraph("body"), in: loader, of: node, lowering: &lowering)
        guard let scanned = try reader.int("num_scan_inputs"), scanned >= 1, scanned <= node.inputs.count else {
            throw node.invalid("its attribute “num_scan_inputs” is missing, or more than its inputs")
        }
        self.scanned = scanned
        states = node.inputs.count - scanned
        guard body.inputs.count == node.inputs.count, body.outputCount >= states else {
            throw node.invalid("its body does not take and answer what it carries")
        }
        let made = body.outputCount - states
        func list(_ name: String, _ count: Int) throws(NetworkError) -> [Int] {
            let values = try reader.ints(name) ?? Array(repeating: 0, count: count)
            guard values.count == count else { throw node.invalid("\(name) is not of \(count) values") }
            return values
        }
        inputAxes = try list("scan_input_axes", scanned)
        outputAxes = try list("scan_output_axes", made)
        inputsReversed = try list("scan_input_directions", scanned)
        outputsReversed = try list("scan_output_directions", made)
    }

    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?] {
        let node = inputs.node
        let around = SubgraphOperators.around(inputs, after: states + scanned)
        var state: [PlanValue] = [], sequences: [(value: PlanValue, axis: Int)] = []
        for index in 0..<states { state.append(try inputs.value(index)) }
        for index in 0..<scanned {
            let value = try inputs.value(states + index)
            sequences.append((value, try node.axis(inputAxes[index], rank: value.shape.count)))
        }
        let rounds = sequences[0].value.shape[sequences[0].axis]
        guard sequences.allSatisfy({ $0.value.shape[$0.axis] == rounds }) else {
            throw node.invalid("the sequences that it scans differ in length")
        }
        var scans = Array(repeating: [PlanValue](), count: body.outputCount - states)
        for round in 0..<rounds {
            var given = state
            for (index, sequence) in sequences.enumerated() {
                let place = inputsReversed[index] == 0 ? round : rounds - 1 - round
                let part = try ViewCopy.slice(
                    sequence.value, axis: sequence.axis, start: place, count: 1, of: node, into: &lowering)
                var shape = part.shape
                shape.remove(at: sequence.axis)
                given.append(part.reshaped(shape))
            }
            let results = try body.lower(around: around, given: given, of: node, into: &lowering)
            state = Array(results[..<states])
            for index in scans.indices { scans[index].append(results[states + index]) }
        }
        var outputs: [PlanValue?] = state
        for (index, parts) in scans.enumerated() {
            guard inputs.wants(output: states + index) else { outputs.append(nil); continue }
            let axis = try node.axis(outputAxes[index], rank: (parts.first?.shape.count ?? 0) + 1)
            let order = outputsReversed[index] == 0 ? parts : parts.reversed()
            outputs.append(try Stacking.stack(order, axis: axis, of: node, into: &lowering))
        }
        return outputs
    }
}

enum Stacking {
    /// Values of one shape as the entries of a new axis.
    static func stack(
        _ parts: [PlanValue], axis: Int, of node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        guard let first = parts.first, parts.allSatisfy({ $0.shape == first.shape }) else {
            throw node.unsupported("it collects nothing, or values of several shapes")
        }
        var shape = first.shape
        shape.insert(1, at: axis)
        return try ConcatenationOperator.concatenate(
            parts.map { $0.reshaped(shape) }, axis: axis, of: node, into: &lowering)
    }
}
