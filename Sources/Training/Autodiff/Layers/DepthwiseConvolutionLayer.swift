// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// A convolution of each channel with one window of its own. Threads share images, and channels for the weights'
/// gradient.
struct DepthwiseConvolutionLayer: Layer {
    private let shape: ConvolutionShape
    private let image: ConvolutionShape
    private let algorithm: ConvolutionAlgorithm
    private let weights: Parameter
    private let bias: Parameter?
    private let threads: Int

    /// nil where the convolution is not one of this kind.
    init?(shape: ConvolutionShape, weights: Parameter, bias: Parameter?, threads: Int) {
        guard ConvolutionAlgorithm.depthwise.supports(shape),
            let image = ConvolutionShape(
                batch: 1, inputChannels: shape.inputChannels, inputHeight: shape.inputHeight,
                inputWidth: shape.inputWidth,
                outputChannels: shape.outputChannels, groups: shape.groups, window: shape.window)
        else { return nil }
        self.shape = shape
        self.image = image
        self.weights = weights
        self.bias = bias
        self.threads = threads
        algorithm = .choose(for: image)
    }

    var outputShape: [Int] { [shape.batch, shape.outputChannels, shape.outputHeight, shape.outputWidth] }
    var backwardReads: BackwardReads { .inputs }
    var forwardScratchCount: Int { threads * scratchPerThread }
    private var scratchPerThread: Int { ConvolutionKernel.scratchCount(image, algorithm) }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        let threads = run.threads
        weights.withValues { weights in
            bias.withValues { bias in
                threads.run { share in
                    for number in threads.part(share, of: shape.batch) {
                        ConvolutionKernel.run(
                            image, algorithm, input: memory.inputs[0] + number * shape.inputChannels * shape.inputArea,
                            weights: weights,
                            output: memory.output + number * shape.outputChannels * shape.outputArea,
                            scratch: memory.forwardScratch + share * scratchPerThread, epilogue: Epilogue(bias: bias))
                    }
                }
            }
        }
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        let slopes = memory.outputGradient
        weights.withGradient { gradient in
            bias.withGradient { biasGradient in
                threads.run(over: shape.outputChannels) { channels in
                    DepthwiseConvolutionGradient.weights(
                        shape, channels: channels, input: memory.inputs[0], outputGradient: slopes,
                        weightGradient: gradient)
                    if let biasGradient,
                        let output = ChannelShape(
                            batch: shape.batch, channels: shape.outputChannels, area: shape.outputArea)
                    {
                        ChannelSum.add(output, channels: channels, values: slopes, to: biasGradient)
                    }
                }
            }
        }
        guard let inputGradient = memory.inputGradients[0] else { return }
        weights.withValues { weights in
            threads.run(over: shape.batch * shape.inputChannels) { planes in
                DepthwiseConvolutionGradient.input(
                    shape, planes: planes, weights: weights, outputGradient: slopes, inputGradient: inputGradient)
            }
        }
    }
}
