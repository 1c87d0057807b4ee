// SPDX-License-Identifier: Apache-2.0

/// How weights are drawn before training.
public enum WeightInitialization: String, Sendable, Hashable, Codable, CaseIterable {
    /// Normal with the variance 2 / fan-in before a rectifier and 1 / fan-in elsewhere; biases are zero (He et al.,
    /// *Delving Deep into Rectifiers*, 2015).
    case kaiming
    /// What PyTorch does where it is told nothing: weights and biases uniform within ± 1 / √fan-in.
    case pytorch

    func weights(count: Int, fanIn: Int, feedsRectifier: Bool, random: inout RandomSource) -> [Float] {
        switch self {
        case .kaiming:
            let deviation = (Float(feedsRectifier ? 2 : 1) / Float(fanIn)).squareRoot()
            return draw(count) { deviation * random.normal() }
        case .pytorch:
            return uniform(count, fanIn: fanIn, random: &random)
        }
    }

    func biases(count: Int, fanIn: Int, random: inout RandomSource) -> [Float] {
        switch self {
        case .kaiming: Array(repeating: 0, count: count)
        case .pytorch: uniform(count, fanIn: fanIn, random: &random)
        }
    }

    private func uniform(_ count: Int, fanIn: Int, random: inout RandomSource) -> [Float] {
        let bound = 1 / Float(fanIn).squareRoot()
        return draw(count) { random.uniform(in: -bound...bound) }
    }

    private func draw(_ count: Int, _ next: () -> Float) -> [Float] {
        Array(unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count { buffer.initializeElement(at: index, to: next()) }
            initialized = count
        }
    }
}
