// SPDX-License-Identifier: Apache-2.0

/// What an optimiser remembers between steps; restored bit for bit, training goes on as if it had never stopped.
public struct OptimizerState: Sendable, Equatable, Codable {
    /// How many steps were made.
    public let steps: Int
    /// By `parameter name/what it is`, such as `conv1.weight/first-moment`: as many values as the parameter has.
    /// Empty before the first step.
    public let arrays: [String: [Float]]

    public init(steps: Int, arrays: [String: [Float]]) {
        self.steps = steps
        self.arrays = arrays
    }
}

/// Changes parameters along their gradients.
///
/// An optimiser keeps an array or two for every parameter, by its name: the first step fixes the parameters, and later
/// ones have to be given the same in the same order.
public protocol Optimizer: AnyObject {
    /// Changes the parameters' values by their gradients, which stay as they are.
    ///
    /// - Precondition: names are unique, and the parameters are those of earlier steps and of the restored state.
    func step(_ parameters: [Parameter], learningRate: Float)

    var state: OptimizerState { get }

    /// Goes on from a state that an optimiser of this kind had.
    ///
    /// - Parameter parameters: those that the steps to come will be given.
    /// - Throws: ``TrainingError/invalidInput(reason:)`` when the state does not hold what these parameters need; the
    ///   optimiser is then as it was.
    func restore(_ state: OptimizerState, for parameters: [Parameter]) throws(TrainingError)
}
