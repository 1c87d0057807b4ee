// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Training

/// An optimiser, and what PyTorch is to be told of it.
struct OptimizerCase: Sendable, CustomStringConvertible {
    let description: String
    let attributes: [String: TorchAttribute]
    let make: @Sendable () throws -> any Optimizer

    static let all: [OptimizerCase] = [
        sgd("SGD", momentum: 0, isNesterov: false, decay: 0),
        sgd("SGD with momentum and decay", momentum: 0.9, isNesterov: false, decay: 0.01),
        sgd("SGD with Nesterov's momentum", momentum: 0.9, isNesterov: true, decay: 0.01, decaysEverything: true),
        adam("Adam", "adam", decay: 0),
        adam("Adam with the reference recipe's decay", "adam", decay: 5e-4, decaysEverything: true),
        adam("Adam with a decay of weights", "adam", first: 0.8, second: 0.95, epsilon: 1e-4, decay: 0.1),
        adam("AdamW", "adamw", decay: 0.01),
        adam("AdamW with a decay of everything", "adamw", second: 0.99, decay: 0.1, decaysEverything: true),
    ]

    private static func sgd(
        _ description: String, momentum: Float, isNesterov: Bool, decay: Float, decaysEverything: Bool = false
    ) -> OptimizerCase {
        OptimizerCase(
            description: description,
            attributes: [
                "optimiser": "sgd", "momentum": number(momentum), "nesterov": .bool(isNesterov), "decay": number(decay),
                "decaysEverything": .bool(decaysEverything),
            ]
        ) {
            try SGD(
                momentum: momentum, isNesterov: isNesterov,
                weightDecay: WeightDecay(decay, decaysEverything: decaysEverything))
        }
    }

    private static func adam(
        _ description: String, _ optimizer: String, first: Float = 0.9, second: Float = 0.999, epsilon: Float = 1e-8,
        decay: Float, decaysEverything: Bool = false
    ) -> OptimizerCase {
        OptimizerCase(
            description: description,
            attributes: [
                "optimiser": .string(optimizer), "first": number(first), "second": number(second),
                "epsilon": number(epsilon),
                "decay": number(decay), "decaysEverything": .bool(decaysEverything),
            ]
        ) {
            let settings = try AdamSettings(
                firstDecay: first, secondDecay: second, epsilon: epsilon,
                weightDecay: WeightDecay(decay, decaysEverything: decaysEverything))
            return optimizer == "adam" ? Adam(settings) : AdamW(settings)
        }
    }

    /// As it was written.
    private static func number(_ value: Float) -> TorchAttribute { .number(Double(value.description) ?? .nan) }
}

@Suite("Optimisers")
struct OptimizerTests {
    private static let rates: [Float] = [0.1, 0.05, 0.01, 0.2, 0.1, 0.001, 0.1, 0.1]

    private static func parameters(_ seed: UInt64 = 4) -> [Parameter] {
        var random = RandomSource(seed: seed)
        return [
            Parameter(name: "weight", shape: [3, 7], values: (0..<21).map { _ in random.normal() }, decays: true),
            Parameter(name: "bias", shape: [5], values: (0..<5).map { _ in random.normal() }, decays: false),
        ]
    }

    private static func gradients(_ parameters: [Parameter], _ random: inout RandomSource) -> [[Float]] {
        // Of many magnitudes, zero among them.
        parameters.map { parameter in
            parameter.values.indices.map {
                $0 % 6 == 5 ? 0 : random.normal() * Float(sign: .plus, exponent: -3 * ($0 % 5), significand: 1)
            }
        }
    }

    private static func step(
        _ optimizer: any Optimizer, _ parameters: [Parameter], _ rate: Float, _ random: inout RandomSource
    ) {
        for (parameter, gradient) in zip(parameters, gradients(parameters, &random)) { parameter.gradient = gradient }
        optimizer.step(parameters, learningRate: rate)
    }

    @Test(
        "step as PyTorch's", .enabled(if: TorchReference.isPresent, "LIKENESS_PYTHON names no program"),
        arguments: OptimizerCase.all)
    func torch(_ each: OptimizerCase) throws {
        let parameters = Self.parameters(), optimizer = try each.make()
        var random = RandomSource(seed: 5), again = random
        var tensors = parameters.map { ($0.name, TorchTensor($0.shape, $0.values)) }
        for (index, rate) in Self.rates.enumerated() {
            let gradients = Self.gradients(parameters, &random)
            tensors += zip(parameters, gradients).map { ("\($0.name)\(index)", TorchTensor($0.shape, $1)) }
            Self.step(optimizer, parameters, rate, &again)
        }
        var attributes = each.attributes
        attributes["rates"] = .list(Self.rates.map { .number(Double($0.description) ?? .nan) })
        let answers = try TorchReference.answers([
            TorchCase(function: "optimise", attributes: attributes, tensors: tensors, precision: .single)
        ])
        let answer = try #require(answers.first)
        for parameter in parameters {
            #expect(relativeError(parameter.values, try #require(answer.outputs[parameter.name]?.values)) < 1e-6)
        }
    }

    @Test("go on from their state bit for bit", arguments: OptimizerCase.all)
    func resumption(_ each: OptimizerCase) throws {
        let whole = Self.parameters(), optimizer = try each.make()
        var random = RandomSource(seed: 6)
        for rate in Self.rates.prefix(3) { Self.step(optimizer, whole, rate, &random) }
        let resumed = Self.parameters()
        for (parameter, values) in zip(resumed, whole.map(\.values)) { parameter.values = values }
        let saved = try JSONEncoder().encode(optimizer.state)
        let other = try each.make()
        try other.restore(JSONDecoder().decode(OptimizerState.self, from: saved), for: resumed)
        #expect(other.state == optimizer.state)
        var again = random
        for rate in Self.rates.dropFirst(3) {
            Self.step(optimizer, whole, rate, &random)
            Self.step(other, resumed, rate, &again)
        }
        for (parameter, expected) in zip(resumed, whole) {
            #expect(parameter.values.map(\.bitPattern) == expected.values.map(\.bitPattern))
        }
        #expect(other.state.steps == Self.rates.count)
    }

    @Test(
        "A state of other parameters, or of another kind, is refused and changes nothing", arguments: OptimizerCase.all)
    func foreignState(_ each: OptimizerCase) throws {
        let parameters = Self.parameters(), optimizer = try each.make()
        var random = RandomSource(seed: 7)
        Self.step(optimizer, parameters, 0.1, &random)
        let state = optimizer.state
        var shorter = state.arrays, renamed = state.arrays
        let name = try #require(state.arrays.keys.min())
        shorter[name] = [1]
        renamed[name] = nil
        renamed["other"] = state.arrays[name]
        for bad in [
            OptimizerState(steps: 1, arrays: shorter), OptimizerState(steps: 1, arrays: renamed),
            OptimizerState(steps: 1, arrays: [:]), OptimizerState(steps: -1, arrays: state.arrays),
        ] {
            #expect(throws: TrainingError.self) { try optimizer.restore(bad, for: parameters) }
            #expect(optimizer.state == state)
        }
        try optimizer.restore(OptimizerState(steps: 0, arrays: [:]), for: parameters)
        #expect(optimizer.state == OptimizerState(steps: 0, arrays: [:]))
    }

    @Test("Many values are stepped on several threads as few are on one", arguments: OptimizerCase.all)
    func pieces(_ each: OptimizerCase) throws {
        let period = 1009, repeats = 300, count = period * repeats
        var random = RandomSource(seed: 8)
        let values = (0..<period).map { _ in random.normal() }, gradient = (0..<period).map { _ in random.normal() }
        let small = Parameter(name: "a", shape: [period], values: values, decays: true)
        let large = Parameter(
            name: "a", shape: [count], values: Array(repeatElement(values, count: repeats).joined()), decays: true)
        small.gradient = gradient
        large.gradient = Array(repeatElement(gradient, count: repeats).joined())
        let first = try each.make(), second = try each.make()
        for _ in 0..<2 {
            first.step([small], learningRate: 0.1)
            second.step([large], learningRate: 0.1)
        }
        #expect(large.values == Array(repeatElement(small.values, count: repeats).joined()))
    }

    @Test("Settings that make no sense are refused")
    func settings() {
        #expect(throws: TrainingError.self) { try SGD(momentum: 1) }
        #expect(throws: TrainingError.self) { try SGD(momentum: 0, isNesterov: true) }
        #expect(throws: TrainingError.self) { try AdamSettings(firstDecay: 1) }
        #expect(throws: TrainingError.self) { try AdamSettings(secondDecay: -0.1) }
        #expect(throws: TrainingError.self) { try AdamSettings(epsilon: 0) }
        #expect(throws: TrainingError.self) { try WeightDecay(-1) }
        #expect(throws: TrainingError.self) { try WeightDecay(.nan) }
    }
}
