// SPDX-License-Identifier: Apache-2.0

/// What an architecture expects at one place. dlib writes no structure to its files: its reader must
/// know the network's type, and the file only confirms it.
enum ExpectedLayer: Equatable {
    case convolution(filters: Int, kernel: Int, stride: Int)
    /// A per-channel scale and shift, or the batch normalisation it was frozen from.
    case affine
    case relu
    case maximumPool(kernel: Int, stride: Int)
    case averagePool(kernel: Int, stride: Int)
    /// The mean of each channel.
    case averagePoolEverything
    /// A matrix product without bias.
    case fullyConnected(outputs: Int)
    /// Remembers the value here under a number.
    case tag(Int)
    /// Goes back to the latest value remembered under the number.
    case skip(Int)
    /// Adds the latest value remembered under the number; the smaller of the two is padded with zeros.
    case addPrevious(Int)

    /// Tags and skips are wrappers without content of their own.
    var isWrapper: Bool {
        switch self {
        case .tag, .skip: true
        default: false
        }
    }
}

/// A layer with the parameters a file gave it.
enum DlibLayer: Equatable {
    case convolution(DlibConvolution)
    case affine(scale: [Float], shift: [Float])
    case relu
    case maximumPool(DlibWindow)
    case averagePool(DlibWindow)
    case averagePoolEverything
    /// `weights` has one row per input, as dlib keeps it.
    case fullyConnected(inputs: Int, outputs: Int, weights: [Float])
    case tag(Int)
    case skip(Int)
    case addPrevious(Int)
}

/// A square sliding window.
struct DlibWindow: Equatable {
    let kernel: Int
    let stride: Int
    let padding: Int

    /// The size after sliding over `size` pixels, or nil when the window does not fit once.
    func outputSize(of size: Int) -> Int? {
        let room = size + 2 * padding - kernel
        return room < 0 ? nil : room / stride + 1
    }
}

/// A convolution (cross-correlation); weights in the order filter, channel, row, column.
struct DlibConvolution: Equatable {
    let filters: Int
    let channels: Int
    let window: DlibWindow
    let weights: [Float]
    let biases: [Float]
}

/// The normalisation that dlib's input layers apply: `(value − mean) / 256`.
struct DlibInputLayer: Equatable {
    let means: [Float]
    let pyramidPadding: Int
    let pyramidOuterPadding: Int

    /// dlib's own constant.
    static let divisor: Float = 256
}

/// A network as read: the loss's settings are kept by the reader.
struct DlibNetwork: Equatable {
    let input: DlibInputLayer
    let layers: [DlibLayer]
}
