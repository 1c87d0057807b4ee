// SPDX-License-Identifier: Apache-2.0

/// Where a layer finds what it reads and writes. Every pointer stays the same for the life of a pass.
package struct LayerMemory {
    package var inputs: [UnsafePointer<Float>]
    /// May be an input, for a layer that works in place.
    package var output: UnsafeMutablePointer<Float>
    /// ``Layer/stateCount`` values that the forward run leaves for the backward run.
    package var state: UnsafeMutablePointer<Float>
    /// ``Layer/forwardScratchCount`` values, of no meaning before and after.
    package var forwardScratch: UnsafeMutablePointer<Float>
    /// ``Layer/backwardScratchCount`` values, of no meaning before and after.
    package var backwardScratch: UnsafeMutablePointer<Float>
    package var outputGradient: UnsafePointer<Float>
    /// One for each input, to be written whatever it holds; nil where nobody asks for it.
    package var inputGradients: [UnsafeMutablePointer<Float>?]
}

/// What else a run is about.
package struct LayerRun {
    /// Whether dropout drops and normalisation takes the batch's own statistics.
    package let isTraining: Bool
    package var random: RandomSource
    package let threads: ComputeThreads
}

/// What the backward run of a layer reads of its forward run, beside its state.
package struct BackwardReads: OptionSet, Sendable {
    package let rawValue: Int
    package static let inputs = BackwardReads(rawValue: 1)
    package static let output = BackwardReads(rawValue: 2)

    package init(rawValue: Int) { self.rawValue = rawValue }
}

/// How a layer's output and input may share memory.
package enum LayerSharing: Sendable {
    case none
    /// The output may be written over the input, value by value, and so may the gradients.
    case inPlace
    /// The output is the input in another shape.
    case view
}

/// A node of the graph for inputs of given shapes: what it computes, and the derivative of it.
package protocol Layer {
    var outputShape: [Int] { get }
    var backwardReads: BackwardReads { get }
    var sharing: LayerSharing { get }
    var stateCount: Int { get }
    var forwardScratchCount: Int { get }
    var backwardScratchCount: Int { get }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun)
    /// Writes the inputs' gradients, and adds to those of the parameters.
    func backward(_ memory: LayerMemory, threads: ComputeThreads)
}

extension Layer {
    package var sharing: LayerSharing { .none }
    package var stateCount: Int { 0 }
    package var forwardScratchCount: Int { 0 }
    package var backwardScratchCount: Int { 0 }
}

/// A node with its attributes checked and its parameters found. Shapes come with the pass.
package protocol TrainableOperator {
    /// The positions of the node's inputs that are values of the run; the others are parameters.
    var valueInputs: [Int] { get }

    /// - Parameter inputs: the shapes of ``valueInputs``.
    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer
}

extension TrainableOperator {
    package var valueInputs: [Int] { [0] }
}
