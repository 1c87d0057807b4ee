// SPDX-License-Identifier: Apache-2.0

import Recognition

/// The face detector's file: the settings of its loss, then the network.
struct DlibDetectorFile {
    let network: DlibNetwork
    let parameters: MMODParameters

    /// Reads `mmod_human_face_detector.dat`.
    init(name: String, bytes: [UInt8], scaling: MMODScaling) throws(DlibImportError) {
        var reader = DlibReader(file: name, bytes: bytes)
        let options = try reader.maximumMarginOptions()
        let network = try reader.network(
            DlibArchitecture.faceDetector, inputKinds: ["input_rgb_image_pyramid", "input_rgb_image_pyramid2"])
        try reader.finish()
        guard let first = network.layers.first, case .convolution(let convolution) = first, convolution.channels == 3
        else {
            throw .inconsistent(file: name, reason: "its first layer does not take three colours")
        }
        let geometry = Self.outputGeometry(network.layers)
        do {
            parameters = try MMODParameters(
                windowWidth: options.windowWidth, windowHeight: options.windowHeight,
                means: network.input.means, divisor: DlibInputLayer.divisor,
                pyramidPadding: network.input.pyramidPadding, pyramidOuterPadding: network.input.pyramidOuterPadding,
                outputStride: geometry.stride, outputOffset: geometry.offset,
                overlapUnion: options.overlapUnion, overlapCovered: options.overlapCovered,
                minimumConfidence: 0, scaling: scaling)
        } catch {
            throw .inconsistent(file: name, reason: error.description)
        }
        self.network = network
    }

    /// Which input pixel the score at row and column i looks at: `stride · i + offset`.
    private static func outputGeometry(_ layers: [DlibLayer]) -> (stride: Int, offset: Int) {
        var stride = 1, offset = 0
        for case .convolution(let convolution) in layers.reversed() {
            let window = convolution.window
            stride *= window.stride
            offset = offset * window.stride - window.padding + window.kernel / 2
        }
        return (stride, offset)
    }
}

/// What `mmod_options` says about using the detector.
struct MaximumMarginOptions {
    let windowWidth: Int
    let windowHeight: Int
    let overlapUnion: Double
    let overlapCovered: Double
}

extension DlibReader {
    /// The head of a network with `loss_mmod_` (`dlib/dnn/loss.h`); detectors with several windows or with
    /// box regression are refused, because no network this import knows has them.
    mutating func maximumMarginOptions() throws(DlibImportError) -> MaximumMarginOptions {
        _ = try integer("the version of the loss layer", in: 1...1)
        _ = try name("the loss", oneOf: ["loss_mmod_"])
        let version = try integer("the version of the detector's options", in: 1...4)
        if version > 1 {
            _ = try integer("the number of detector windows", in: 1...1)
            let windowVersion = try integer("the version of a detector window", in: 1...2)
            let (width, height) = try detectorWindow()
            if windowVersion == 2 { _ = try name("the label of a detector window", oneOf: ["", "face"]) }
            return try options(version: version, width: width, height: height)
        }
        let (width, height) = try detectorWindow()
        return try options(version: version, width: width, height: height)
    }

    private mutating func detectorWindow() throws(DlibImportError) -> (width: Int, height: Int) {
        (
            try integer("the width of the detector window", in: 1...1000),
            try integer("the height of the detector window", in: 1...1000)
        )
    }

    private mutating func options(version: Int, width: Int, height: Int) throws(DlibImportError) -> MaximumMarginOptions
    {
        for setting in ["loss per false alarm", "loss per missed target", "matching threshold"] {
            _ = try double("the \(setting)")
        }
        let union = try share("the overlap that suppresses, of the union")
        let covered = try share("the overlap that suppresses, of one box")
        _ = try share("the overlap that ignores, of the union")
        _ = try share("the overlap that ignores, of one box")
        // dlib writes 0 for a detector that is used with an image pyramid.
        if version >= 3 { _ = try integer("the use of the pyramid", in: 0...0) }
        if version >= 4 {
            let start = offset
            guard try bool("the use of box regression") == false else {
                throw unexpected("a detector without box regression", found: "one with it", at: start)
            }
            _ = try double("the weight of box regression")
        }
        return MaximumMarginOptions(
            windowWidth: width, windowHeight: height, overlapUnion: union, overlapCovered: covered)
    }

    private mutating func share(_ expected: String) throws(DlibImportError) -> Double {
        let start = offset
        let value = try double(expected)
        guard (0...1).contains(value) else {
            throw unexpected("\(expected) in 0…1", found: "\(value)", at: start)
        }
        return value
    }
}
