// SPDX-License-Identifier: Apache-2.0

import Imaging
import NeuralNet

/// The face detector YuNet (Wu, Peng and Yu 2023) with its five landmarks, as OpenCV's `FaceDetectorYN` reads it.
///
/// The network takes blue, green and red in 0…255, [1, 3, height, width], of a fixed size or of any multiple
/// of 32, and answers `cls_s`, `obj_s`, `bbox_s` and `kps_s` for the strides s = 8, 16 and 32.
public struct YuNetDetector: FaceLocator {
    public let parameters: YuNetParameters
    private let plans: PlanCache
    private let canvas: YuNetCanvas
    private let inputName: String

    public var landmarkLayout: LandmarkLayout { .eyesNoseMouth }
    /// It was trained on faces from 10 pixels up, and is sure of those from about 20.
    public var smallestFace: Double { 20 }
    public var minimumSide: Int { min(parameters.scale.enlargeBelow, maximumSide) }
    /// It is fast, and places landmarks the better the more it sees.
    public var firstSide: Int { maximumSide }
    public var maximumSide: Int { canvas.maximumSide }
    /// Of 153 faces upright the least sure had 0.90 and nineteen of twenty 0.92; on their head none had more than 0.909.
    public var uprightConfidence: Double? { 0.92 }

    /// - Throws: ``InvalidDetectorNetwork`` when the network has other inputs or outputs.
    public init(network: Network, parameters: YuNetParameters) throws(InvalidDetectorNetwork) {
        guard let input = network.inputs.first, network.inputs.count == 1 else {
            throw InvalidDetectorNetwork(reason: "it takes \(network.inputs.count) inputs, and YuNet takes one image")
        }
        let outputs = Set(network.outputs.map(\.name))
        let missing = YuNetOutputs.names.filter { !outputs.contains($0) }
        guard missing.isEmpty else {
            throw InvalidDetectorNetwork(
                reason: "it lacks the outputs \(missing.joined(separator: ", ")) that YuNet has")
        }
        canvas = try YuNetCanvas(inputShape: input.shape, scale: parameters.scale)
        inputName = input.name
        plans = PlanCache(network: network, inputName: input.name)
        self.parameters = parameters
        try Self.checkOutputs(plans, canvas.placement(width: parameters.scale.maximumSide, height: 64))
    }

    /// Finds out before the first photograph whether the outputs have the values of every cell.
    private static func checkOutputs(
        _ plans: PlanCache, _ placement: YuNetCanvas.Placement
    ) throws(InvalidDetectorNetwork) {
        let plan: ExecutionPlan
        do {
            plan = try plans.plan(width: placement.width, height: placement.height)
        } catch {
            throw InvalidDetectorNetwork(
                reason: "it does not run on an image of \(placement.width)×\(placement.height): \(error.description)")
        }
        for output in plan.outputs {
            guard
                let expected = YuNetOutputs.valueCount(
                    of: output.name, width: placement.width, height: placement.height)
            else { continue }
            guard output.shape.reduce(1, *) == expected else {
                throw InvalidDetectorNetwork(
                    reason: "its output “\(output.name)” has the shape \(output.shape) where \(expected) values belong")
            }
        }
    }

    public func makeSession() throws -> any FaceLocatorSession {
        YuNetSession(parameters: parameters, plans: plans, canvas: canvas, inputName: inputName)
    }
}

/// A network that is not the detector it is said to be.
public struct InvalidDetectorNetwork: Error, Sendable, Hashable, CustomStringConvertible {
    public let reason: String

    public var description: String { "the network is not usable as a detector: \(reason)" }
}

/// The size of the network's image, and where a photograph lies in it: at the top left, the rest black.
struct YuNetCanvas: Sendable {
    /// Coarsest stride; a side of the network's image is a multiple of it.
    private static let multiple = 32
    private let fixed: (width: Int, height: Int)?
    private let scale: DetectionScale

    init(inputShape: [Dimension], scale: DetectionScale) throws(InvalidDetectorNetwork) {
        guard inputShape.count == 4 else {
            throw InvalidDetectorNetwork(reason: "its input has \(inputShape.count) axes, and an image batch has 4")
        }
        if case .fixed(let channels) = inputShape[1], channels != 3 {
            throw InvalidDetectorNetwork(reason: "its input has \(channels) channels, and an image has 3")
        }
        switch (inputShape[2], inputShape[3]) {
        case (.fixed(let height), .fixed(let width)):
            let sides = Self.multiple...4096
            guard sides.contains(width), sides.contains(height), width % Self.multiple == 0, height % Self.multiple == 0
            else {
                throw InvalidDetectorNetwork(
                    reason:
                        "its image is \(width)×\(height), and sides of 32 to 4096 that are multiples of 32 are needed")
            }
            fixed = (width, height)
        case (.fixed, _), (_, .fixed):
            throw InvalidDetectorNetwork(reason: "only one side of its image is fixed")
        default:
            fixed = nil
        }
        self.scale = scale
    }

    /// The longer side of the largest photograph that is seen at once.
    var maximumSide: Int { min(scale.maximumSide, fixed.map { max($0.width, $0.height) } ?? scale.maximumSide) }

    struct Placement {
        /// The network's image.
        let width: Int, height: Int
        /// The part of it that the photograph fills.
        let imageWidth: Int, imageHeight: Int
    }

    /// - Parameter longerSide: of the photograph in the network's image; nil as ``DetectionScale`` states.
    func placement(width: Int, height: Int, longerSide: Int? = nil) -> Placement {
        var (imageWidth, imageHeight) =
            (longerSide.map { DetectionScale(maximumSide: $0, enlargeBelow: $0) } ?? scale)
            .workingSize(width: width, height: height)
        guard let fixed else {
            func padded(_ side: Int) -> Int { (side + Self.multiple - 1) / Self.multiple * Self.multiple }
            return Placement(
                width: padded(imageWidth), height: padded(imageHeight), imageWidth: imageWidth, imageHeight: imageHeight
            )
        }
        let fit = min(
            1, Double(fixed.width) / Double(imageWidth), Double(fixed.height) / Double(imageHeight))
        imageWidth = max(1, min(fixed.width, Int((Double(imageWidth) * fit).rounded())))
        imageHeight = max(1, min(fixed.height, Int((Double(imageHeight) * fit).rounded())))
        return Placement(width: fixed.width, height: fixed.height, imageWidth: imageWidth, imageHeight: imageHeight)
    }
}
