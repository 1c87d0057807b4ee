// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The learning rate of every step.
///
/// The rate rises linearly over the warm-up, which the shape then follows: step *i* of a warm-up of *w* steps has
/// (*i* + 1) / *w* of the base rate.
public struct LearningRateSchedule: Sendable, Hashable, Codable {
    /// What becomes of the base rate after the warm-up.
    public enum Shape: Sendable, Hashable, Codable {
        case constant
        /// Falls along half a cosine to `final` times the base rate at `totalSteps`, warm-up included, and stays
        /// there (Loshchilov and Hutter, *SGDR*, 2017, without restarts).
        case cosine(totalSteps: Int, final: Float)
        /// Is multiplied by `factor` at each of these steps, counted from the very first.
        case step(at: [Int], factor: Float)
    }

    public let base: Float
    public let shape: Shape
    public let warmUpSteps: Int

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when a rate, a factor or a number of steps makes no sense.
    public init(base: Float, shape: Shape = .constant, warmUpSteps: Int = 0) throws(TrainingError) {
        guard base.isFinite, base > 0 else {
            throw .invalidInput(reason: "the learning rate is \(base), and has to be a number above 0")
        }
        guard warmUpSteps >= 0 else {
            throw .invalidInput(reason: "the warm-up has \(warmUpSteps) steps, and can have none or more")
        }
        switch shape {
        case .constant: break
        case .cosine(let totalSteps, let final):
            guard totalSteps > warmUpSteps else {
                throw .invalidInput(
                    reason:
                        "the cosine schedule ends at step \(totalSteps), and has to end after the warm-up of \(warmUpSteps)"
                )
            }
            guard (0...1).contains(final) else {
                throw .invalidInput(
                    reason: "the cosine schedule falls to \(final) of its rate, and can fall to 0 up to 1")
            }
        case .step(let positions, let factor):
            guard positions.allSatisfy({ $0 >= 0 }) else {
                throw .invalidInput(reason: "the learning rate changes at a step below 0")
            }
            guard factor > 0, factor <= 1 else {
                throw .invalidInput(
                    reason: "the learning rate is multiplied by \(factor), and can be by above 0 up to 1")
            }
        }
        self.base = base
        self.shape = shape
        self.warmUpSteps = warmUpSteps
    }

    /// - Parameter step: from 0; a negative one counts as 0.
    public func rate(at step: Int) -> Float {
        let step = max(step, 0)
        if step < warmUpSteps { return base * Float(Double(step + 1) / Double(warmUpSteps)) }
        switch shape {
        case .constant: return base
        case .cosine(let totalSteps, let final):
            let progress = min(Double(step - warmUpSteps) / Double(totalSteps - warmUpSteps), 1)
            let height = (1 + cos(Double.pi * progress)) / 2
            return base * Float(Double(final) + (1 - Double(final)) * height)
        case .step(let positions, let factor):
            return base * Float(pow(Double(factor), Double(positions.count { $0 <= step })))
        }
    }
}
