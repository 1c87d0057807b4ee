// SPDX-License-Identifier: Apache-2.0

import Recognition
import Training

/// How the gradient changes the network, but for the learning rate.
public struct OptimizerRecipe: Sendable, Hashable {
    public var kind: Kind
    /// With `adam` a part of the gradient (L2), with `adamw` apart from it (Loshchilov and Hutter, 2019).
    public var weightDecay: Double
    /// Whether biases and the like decay too, as in PyTorch.
    public var decaysEverything: Bool

    public enum Kind: Sendable, Hashable {
        case sgd(momentum: Double, nesterov: Bool)
        case adam(beta1: Double, beta2: Double, epsilon: Double)
        case adamW(beta1: Double, beta2: Double, epsilon: Double)
    }

    private enum Name: String, CaseIterable {
        case sgd, adam
        case adamW = "adamw"
    }

    public init(_ kind: Kind, weightDecay: Double = 0, decaysEverything: Bool = false) {
        self.kind = kind
        self.weightDecay = weightDecay
        self.decaysEverything = decaysEverything
    }

    init(_ table: RecipeTable) throws(RecipeError) {
        let common = ["kind", "weight_decay", "decay_everything"]
        let name = try table.choice("kind", of: Name.self)
        switch name {
        case .sgd:
            try table.requireKeys(common + ["momentum", "nesterov"])
            kind = .sgd(
                momentum: try table.number("momentum", in: 0...0.9999, default: 0.9),
                nesterov: try table.boolean("nesterov", default: false))
        case .adam, .adamW:
            try table.requireKeys(common + ["beta1", "beta2", "epsilon"])
            let beta1 = try table.number("beta1", in: 0...0.99999, default: 0.9)
            let beta2 = try table.number("beta2", in: 0...0.999999, default: 0.999)
            let epsilon = try table.number("epsilon", in: 1e-12...1, default: 1e-8)
            kind =
                name == .adam
                ? .adam(beta1: beta1, beta2: beta2, epsilon: epsilon)
                : .adamW(beta1: beta1, beta2: beta2, epsilon: epsilon)
        }
        weightDecay = try table.number("weight_decay", in: 0...10, default: name == .adamW ? 0.01 : 0)
        decaysEverything = try table.boolean("decay_everything", default: false)
    }

    var entries: [RecipeText.Entry] {
        let decay: [RecipeText.Entry] = [
            ("weight_decay", .number(weightDecay)), ("decay_everything", .boolean(decaysEverything)),
        ]
        func adam(_ name: Name, _ beta1: Double, _ beta2: Double, _ epsilon: Double) -> [RecipeText.Entry] {
            [
                ("kind", .string(name.rawValue)), ("beta1", .number(beta1)), ("beta2", .number(beta2)),
                ("epsilon", .number(epsilon)),
            ] + decay
        }
        return switch kind {
        case .sgd(let momentum, let nesterov):
            [("kind", .string(Name.sgd.rawValue)), ("momentum", .number(momentum)), ("nesterov", .boolean(nesterov))]
                + decay
        case .adam(let beta1, let beta2, let epsilon): adam(.adam, beta1, beta2, epsilon)
        case .adamW(let beta1, let beta2, let epsilon): adam(.adamW, beta1, beta2, epsilon)
        }
    }

    func make() throws(TrainingError) -> any Optimizer {
        let decay = try WeightDecay(Float(weightDecay), decaysEverything: decaysEverything)
        func settings(_ beta1: Double, _ beta2: Double, _ epsilon: Double) throws(TrainingError) -> AdamSettings {
            try AdamSettings(
                firstDecay: Float(beta1), secondDecay: Float(beta2), epsilon: Float(epsilon), weightDecay: decay)
        }
        switch kind {
        case .sgd(let momentum, let nesterov):
            return try SGD(momentum: Float(momentum), isNesterov: nesterov, weightDecay: decay)
        case .adam(let beta1, let beta2, let epsilon): return Adam(try settings(beta1, beta2, epsilon))
        case .adamW(let beta1, let beta2, let epsilon): return AdamW(try settings(beta1, beta2, epsilon))
        }
    }
}
