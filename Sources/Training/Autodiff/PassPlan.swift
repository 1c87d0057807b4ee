// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// What a pass computes, and where in its memory everything lies.
struct PassPlan {
    /// The places of what a layer uses, as ``LayerMemory`` says, in floats from the memory's start.
    struct Step {
        let layer: any Layer
        var inputs: [Int] = []
        var output = 0
        var state = 0
        var forwardScratch = 0
        var backwardScratch = 0
        /// Whether the parameters or an input want the derivative.
        var isDifferentiated = false
        var outputGradient = 0
        var inputGradients: [Int?] = []
        /// Gradients written apart, which are added to what later nodes have said of the same value.
        var additions: [(source: Int, target: Int, count: Int)] = []
    }

    private(set) var steps: [Step] = []
    private(set) var input = 0
    private(set) var inputGradient: Int?
    private(set) var output = 0
    private(set) var outputGradient: Int?
    private(set) var outputShape: [Int] = []
    private(set) var count = 0

    /// A name of the graph.
    private struct Value {
        let shape: [Int]
        /// The nodes that use it, each as often as it does, and the output.
        var uses = 0
        var storage = 0
        var gradient: Int?
        var wantsGradient: Bool

        var count: Int { shape.reduce(1, *) }
    }

    init(_ network: TrainableNetwork, inputShape: [Int], wantsInputGradient: Bool) throws(TrainingError) {
        let graph = network.graph, inputName = graph.inputs[0].name, outputName = graph.outputs[0].name
        var uses: [String: Int] = [outputName: 1]
        for step in network.steps {
            for name in step.values { uses[name, default: 0] += 1 }
        }
        var plan = StoragePlan()
        var values: [String: Value] = [:]
        let last = 2 * network.steps.count - 1
        values[inputName] = Value(
            shape: inputShape, uses: uses[inputName, default: 0],
            storage: plan.add(count: inputShape.reduce(1, *), from: 0),
            wantsGradient: wantsInputGradient)
        /// Storages that a backward run reads, and that must therefore stay as they are.
        var kept: Set<Int> = []

        for (time, step) in network.steps.enumerated() {
            var inputs: [Value] = []
            for name in step.values {
                guard let value = values[name] else {
                    throw step.node.untrainable("its input “\(name)” is no value of the run")
                }
                inputs.append(value)
            }
            let layer = try step.operation.makeLayer(inputs.map(\.shape), threads: network.threads.count)
            guard let count = elementCount(of: layer.outputShape), count > 0, count <= Int(Int32.max) else {
                throw step.node.untrainable("its output of shape \(layer.outputShape) is empty or too large")
            }
            var output = Value(
                shape: layer.outputShape, uses: uses[step.output, default: 0],
                wantsGradient: step.hasParameters || inputs.contains(where: \.wantsGradient))
            let isShared =
                switch layer.sharing {
                case .none: false
                case .inPlace: inputs[0].uses == 1 && !kept.contains(inputs[0].storage)
                case .view: inputs[0].uses == 1
                }
            output.storage = isShared ? inputs[0].storage : plan.add(count: count, from: time)
            for storage in inputs.map(\.storage) + [output.storage] { plan.keep(storage, until: time) }

            var planned = Step(layer: layer, isDifferentiated: output.wantsGradient)
            planned.inputs = inputs.map(\.storage)
            planned.output = output.storage
            planned.state = plan.add(count: layer.stateCount, from: time)
            planned.forwardScratch = plan.add(count: layer.forwardScratchCount, from: time)
            if output.wantsGradient {
                plan.keep(planned.state, until: last - time)
                if layer.backwardReads.contains(.inputs) {
                    for input in inputs { plan.keep(input.storage, until: last - time) }
                    kept.formUnion(inputs.map(\.storage))
                }
                if layer.backwardReads.contains(.output) {
                    plan.keep(output.storage, until: last - time)
                    kept.insert(output.storage)
                }
            }
            values[step.output] = output
            steps.append(planned)
        }

        guard let result = values[outputName], !network.steps.isEmpty else {
            throw .invalidNetwork(reason: "nothing computes its output “\(outputName)”")
        }
        outputShape = result.shape
        if result.wantsGradient {
            values[outputName]?.gradient = plan.add(count: result.count, from: network.steps.count)
        }
        for (index, step) in network.steps.enumerated().reversed() where steps[index].isDifferentiated {
            planBackward(index, step, time: last - index, &values, &plan)
        }
        if let gradient = values[inputName]?.gradient { plan.keep(gradient, until: last) }
        setOffsets(plan, values[inputName], values[outputName])
    }

    private mutating func planBackward(
        _ index: Int, _ step: NetworkStep, time: Int, _ values: inout [String: Value], _ plan: inout StoragePlan
    ) {
        let layer = steps[index].layer
        steps[index].backwardScratch = plan.add(count: layer.backwardScratchCount, from: time)
        guard let slope = values[step.output]?.gradient else { return }
        plan.keep(slope, until: time)
        steps[index].outputGradient = slope
        for name in step.values {
            guard let value = values[name], value.wantsGradient else {
                steps[index].inputGradients.append(nil)
                continue
            }
            if let gradient = value.gradient {
                let apart = plan.add(count: value.count, from: time)
                plan.keep(gradient, until: time)
                steps[index].inputGradients.append(apart)
                steps[index].additions.append((apart, gradient, value.count))
            } else {
                let gradient =
                    layer.sharing != .none && value.uses == 1 ? slope : plan.add(count: value.count, from: time)
                values[name]?.gradient = gradient
                steps[index].inputGradients.append(gradient)
            }
        }
    }

    /// Puts offsets where the numbers of storages were.
    private mutating func setOffsets(_ plan: StoragePlan, _ input: Value?, _ output: Value?) {
        let (offsets, count) = plan.layOut()
        self.count = count
        self.input = input.map { offsets[$0.storage] } ?? 0
        inputGradient = input?.gradient.map { offsets[$0] }
        self.output = output.map { offsets[$0.storage] } ?? 0
        outputGradient = output?.gradient.map { offsets[$0] }
        for index in steps.indices {
            var step = steps[index]
            step.inputs = step.inputs.map { offsets[$0] }
            step.output = offsets[step.output]
            step.state = offsets[step.state]
            step.forwardScratch = offsets[step.forwardScratch]
            if step.isDifferentiated {
                step.backwardScratch = offsets[step.backwardScratch]
                step.outputGradient = offsets[step.outputGradient]
                step.inputGradients = step.inputGradients.map { $0.map { offsets[$0] } }
                step.additions = step.additions.map { (offsets[$0.source], offsets[$0.target], $0.count) }
            }
            steps[index] = step
        }
    }
}
