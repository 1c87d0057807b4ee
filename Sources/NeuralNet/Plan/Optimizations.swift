// SPDX-License-Identifier: Apache-2.0

/// What is done to a network so that it runs faster or in less memory. Results differ by rounding at most; tests
/// compare runs with and without.
package struct Optimizations: Sendable, Hashable {
    /// Batch normalisation becomes part of the convolution before it.
    package var foldsBatchNormalization: Bool
    /// Activations and residual sums become part of the step before them.
    package var fusesSteps: Bool
    /// Values that are never alive at once share their memory.
    package var sharesMemory: Bool

    /// Convolutions, and what lies between them, work on blocks of channels.
    package var blocksChannels: Bool

    package static let all = Optimizations(
        foldsBatchNormalization: true, fusesSteps: true, sharesMemory: true, blocksChannels: true)
    package static let none = Optimizations(
        foldsBatchNormalization: false, fusesSteps: false, sharesMemory: false, blocksChannels: false)
}
