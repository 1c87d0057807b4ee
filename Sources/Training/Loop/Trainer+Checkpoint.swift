// SPDX-License-Identifier: Apache-2.0

/// What a stage puts into a checkpoint, and takes out of it.
extension Trainer {
    private enum Part: String {
        case weight, statistic, loss, optimizer = "optimiser", average
    }

    private static func name(_ part: Part, _ name: String) -> String { "\(part.rawValue)/\(name)" }

    /// Everything that the rest of the stage depends on.
    func checkpoint() throws -> Checkpoint {
        try requireFinite()
        var arrays = weights()
        for parameter in loss.parameters { arrays[Self.name(.loss, parameter.name)] = parameter.values }
        let kept = optimizer.state
        for (name, values) in kept.arrays { arrays[Self.name(.optimizer, name)] = values }
        var state = state
        state.optimiserSteps = kept.steps
        if let average = average?.state {
            for (name, values) in average.arrays { arrays[Self.name(.average, name)] = values }
            state.averagedSteps = average.steps
        }
        return Checkpoint(state: state, arrays: arrays)
    }

    /// The network's own numbers.
    func weights() -> [String: [Float]] { Self.weights(of: network) }

    /// A checkpoint that holds a network and no step of a stage: what the stage begins with.
    public static func beginning(_ state: Checkpoint.State, network: TrainableNetwork) -> Checkpoint {
        Checkpoint(state: state, arrays: weights(of: network))
    }

    /// Puts a checkpoint's weights and statistics into a network.
    ///
    /// - Throws: ``CheckpointError/otherRun(path:reason:)`` when they are those of another network.
    public static func load(
        _ checkpoint: Checkpoint, into network: TrainableNetwork, path: String
    ) throws(CheckpointError) {
        try set(network.parameters, .weight, from: checkpoint, path: path)
        try set(network.statistics, .statistic, from: checkpoint, path: path)
    }

    func restore(_ checkpoint: Checkpoint) throws {
        let path = "of step \(checkpoint.state.step)"
        try Self.load(checkpoint, into: network, path: path)
        try Self.set(loss.parameters, .loss, from: checkpoint, path: path)
        try optimizer.restore(
            OptimizerState(steps: checkpoint.state.optimiserSteps, arrays: Self.arrays(.optimizer, in: checkpoint)),
            for: trained)
        try average?.restore(
            OptimizerState(steps: checkpoint.state.averagedSteps, arrays: Self.arrays(.average, in: checkpoint)))
    }

    private static func arrays(_ part: Part, in checkpoint: Checkpoint) -> [String: [Float]] {
        let prefix = name(part, "")
        let own = checkpoint.arrays.filter { $0.key.hasPrefix(prefix) }
        return Dictionary(uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    }

    /// No checkpoint holds weights that training cannot go on from.
    func requireFinite() throws(TrainingError) {
        for parameter in averaged + loss.parameters {
            let isFinite = parameter.values.withUnsafeBufferPointer { values in values.allSatisfy(\.isFinite) }
            guard isFinite else { throw diverged("“\(parameter.name)” holds what is no finite number") }
        }
    }

    private static func weights(of network: TrainableNetwork) -> [String: [Float]] {
        var arrays: [String: [Float]] = [:]
        for parameter in network.parameters { arrays[name(.weight, parameter.name)] = parameter.values }
        for statistic in network.statistics { arrays[name(.statistic, statistic.name)] = statistic.values }
        return arrays
    }

    private static func set(
        _ parameters: [Parameter], _ part: Part, from checkpoint: Checkpoint, path: String
    ) throws(CheckpointError) {
        for parameter in parameters { parameter.values = try array(part, parameter, in: checkpoint, path: path) }
    }

    private static func array(
        _ part: Part, _ parameter: Parameter, in checkpoint: Checkpoint, path: String
    ) throws(CheckpointError) -> [Float] {
        guard let values = checkpoint.arrays[name(part, parameter.name)], values.count == parameter.values.count else {
            throw .otherRun(
                path: path, reason: "it does not hold “\(parameter.name)” with \(parameter.values.count) numbers")
        }
        return values
    }
}
