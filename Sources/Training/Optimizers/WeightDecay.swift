// SPDX-License-Identifier: Apache-2.0

/// How strongly an optimiser draws which parameters to zero.
public struct WeightDecay: Sendable, Hashable, Codable {
    public let strength: Float
    /// Whether biases and the like decay too, as in PyTorch; otherwise only what ``Parameter/decays``.
    public let decaysEverything: Bool

    public static let none = WeightDecay(checkedStrength: 0, decaysEverything: false)

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when the strength is no number from 0 on.
    public init(_ strength: Float, decaysEverything: Bool = false) throws(TrainingError) {
        guard strength.isFinite, strength >= 0 else {
            throw .invalidInput(reason: "the weight decay is \(strength), and has to be 0 or more")
        }
        self.init(checkedStrength: strength, decaysEverything: decaysEverything)
    }

    private init(checkedStrength strength: Float, decaysEverything: Bool) {
        self.strength = strength
        self.decaysEverything = decaysEverything
    }

    func strength(for parameter: Parameter) -> Float {
        decaysEverything || parameter.decays ? strength : 0
    }
}
