// SPDX-License-Identifier: Apache-2.0

import Imaging
import NeuralNet

/// dlib's face detector (max-margin object detection, King 2015) with its predictor of five landmarks.
///
/// The network scores every place of a tiled pyramid; places above the threshold become boxes of the detector
/// window's size at their level, and of overlapping boxes the surest stays. Results agree with dlib's on the
/// same image. See ``MMODScaling`` for what is done to small and large images first.
public struct MMODDetector: FaceLocator {
    public let parameters: MMODParameters
    public let landmarkPredictor: ShapePredictor
    private let plans: PlanCache

    public var landmarkLayout: LandmarkLayout { .eyeCornersNose }
    public var smallestFace: Double { Double(min(parameters.windowWidth, parameters.windowHeight)) }
    /// What is small is enlarged as far as its smallest face asks for.
    public var minimumSide: Int { 1 }
    /// In which a face that fills a fifth of the picture is found, at a fraction of the time of the largest.
    public var firstSide: Int { min(400, maximumSide) }
    public var maximumSide: Int { parameters.scaling.maximumSide }
    /// It is as sure of some faces that lie on their side.
    public var uprightConfidence: Double? { nil }

    /// - Parameter network: takes `image` [1, 3, height, width] and answers `scores` [1, 1, rows, columns].
    /// - Throws: ``InvalidMMODParameters`` when the network has other inputs or outputs.
    public init(
        network: Network, landmarkPredictor: ShapePredictor, parameters: MMODParameters
    ) throws(InvalidMMODParameters) {
        guard network.inputs.map(\.name) == [MMODSession.inputName],
            network.outputs.map(\.name) == [MMODSession.outputName]
        else {
            throw InvalidMMODParameters(
                reason: "the network takes \(network.inputs.map(\.name)) and answers \(network.outputs.map(\.name)), "
                    + "and a detector takes “\(MMODSession.inputName)” and answers “\(MMODSession.outputName)”")
        }
        self.parameters = parameters
        self.landmarkPredictor = landmarkPredictor
        plans = PlanCache(network: network)
        // The smallest plane that has a score shows whether the network answers as it should.
        let side = 2 * parameters.outputOffset + 1
        let shape: [Int]
        do throws(NetworkError) {
            shape = try plans.plan(width: side, height: side).outputs.first?.shape ?? []
        } catch {
            throw InvalidMMODParameters(
                reason: "the network does not run on a plane of \(side)×\(side): \(error.description)")
        }
        guard shape.count == 4, shape[0] == 1, shape[1] == 1, shape[2] > 0, shape[3] > 0 else {
            throw InvalidMMODParameters(
                reason: "the network answers with the shape \(shape), and one score for each place is needed")
        }
    }

    public func makeSession() throws -> any FaceLocatorSession {
        MMODSession(parameters: parameters, landmarkPredictor: landmarkPredictor, plans: plans)
    }
}

/// One worker's detector: it keeps the buffers of the size it saw last.
final class MMODSession: FaceLocatorSession {
    static let inputName = "image"
    static let outputName = "scores"

    private let parameters: MMODParameters
    private let landmarkPredictor: ShapePredictor
    private let plans: PlanCache
    private var planes: [Float] = []
    private var latest: (width: Int, height: Int, run: NetworkRun)?

    init(parameters: MMODParameters, landmarkPredictor: ShapePredictor, plans: PlanCache) {
        self.parameters = parameters
        self.landmarkPredictor = landmarkPredictor
        self.plans = plans
    }

    func locate(in picture: any PictureSource) throws -> [DetectedFace] {
        guard picture.width > 0, picture.height > 0 else { return [] }
        let working = try parameters.scaling.workingImage(of: picture)
        let side = min(max(working.picture.width, working.picture.height), parameters.scaling.maximumSide)
        return try locate(in: working, seen: working.picture.pixels(longerSide: side))
    }

    func locate(in picture: any PictureSource, longerSide: Int) throws -> [DetectedFace] {
        guard picture.width > 0, picture.height > 0 else { return [] }
        let working = try parameters.scaling.workingImage(of: picture)
        // What is enlarged only to be shrunk again would be blurred.
        let source = longerSide <= max(picture.width, picture.height) ? picture : working.picture
        return try locate(in: working, seen: source.pixels(longerSide: longerSide))
    }

    private func locate(in working: WorkingImage, seen: RGBImage) throws -> [DetectedFace] {
        let found = try boxes(in: seen).compactMap { found in
            Self.scaled(found.box, from: seen, to: working.picture).map {
                ScoredBox(box: $0, confidence: found.confidence)
            }
        }
        guard let near = Self.surroundings(of: found.map(\.box), in: working.picture) else { return [] }
        let image = try working.picture.pixels(of: near)
        return found.map { found in
            let landmarks = landmarkPredictor.landmarks(in: image, box: found.box.moved(x: -near.left, y: -near.top))
                .map { Point(x: $0.x + Double(near.left), y: $0.y + Double(near.top)) }
            return DetectedFace(
                box: working.original(found.box), landmarks: landmarks.map(working.original),
                landmarkLayout: .eyeCornersNose, confidence: found.confidence)
        }
    }

    /// All boxes with as much again on each side: what the predictor of landmarks looks at, and the chip of a face
    /// however it is turned. Nil where there is none in the picture.
    private static func surroundings(of boxes: [DlibRectangle], in picture: any PictureSource) -> PixelRegion? {
        let all = boxes.reduce(DlibRectangle(left: 0, top: 0, right: -1, bottom: -1)) { sum, box in
            sum.union(
                DlibRectangle(
                    left: box.left - box.width, top: box.top - box.height, right: box.right + box.width,
                    bottom: box.bottom + box.height))
        }
        return PixelRegion(
            covering: Rectangle(
                left: Double(all.left), top: Double(all.top), width: Double(all.width), height: Double(all.height)),
            width: picture.width, height: picture.height)
    }

    /// The boxes in an image taken as it is, by falling confidence.
    private func boxes(in image: RGBImage) throws(NetworkError) -> [ScoredBox] {
        let pyramid = TiledPyramid(
            imageWidth: image.width, imageHeight: image.height,
            padding: parameters.pyramidPadding, outerPadding: parameters.pyramidOuterPadding)
        // A plane smaller than what one score looks at has none.
        let smallest = 2 * parameters.outputOffset + 1
        guard pyramid.width >= smallest, pyramid.height >= smallest else { return [] }
        pyramid.paint(image, means: parameters.means, divisor: parameters.divisor, into: &planes)

        let run = try run(width: pyramid.width, height: pyramid.height)
        try run.setInput(Self.inputName, planes)
        try run.execute()
        return BoxOverlap(union: parameters.overlapUnion, covered: parameters.overlapCovered)
            .suppressing(candidates(in: try run.output(Self.outputName), pyramid: pyramid))
    }

    private func candidates(in scores: Tensor, pyramid: TiledPyramid) -> [ScoredBox] {
        guard scores.shape.count == 4, scores.shape[0] == 1, scores.shape[1] == 1 else { return [] }
        let columns = scores.shape[3]
        let halfWidth = Double(parameters.windowWidth - 1) / 2, halfHeight = Double(parameters.windowHeight - 1) / 2
        var found: [ScoredBox] = []
        for (index, score) in scores.values.enumerated() where Double(score) > parameters.minimumConfidence {
            let x = Double(index % columns * parameters.outputStride + parameters.outputOffset)
            let y = Double(index / columns * parameters.outputStride + parameters.outputOffset)
            if let box = pyramid.imageBox(
                left: x - halfWidth, top: y - halfHeight, right: x + halfWidth, bottom: y + halfHeight)
            {
                found.append(ScoredBox(box: box, confidence: Double(score)))
            }
        }
        return found
    }

    private func run(width: Int, height: Int) throws(NetworkError) -> NetworkRun {
        if let latest, latest.width == width, latest.height == height { return latest.run }
        // The old buffers go before the new ones come.
        latest = nil
        let run = try plans.plan(width: width, height: height).makeRun()
        latest = (width, height, run)
        return run
    }

    /// A box of the image that the detector saw, in the pixels of the image it was shrunk from.
    private static func scaled(
        _ box: DlibRectangle, from seen: RGBImage, to working: any PictureSource
    ) -> DlibRectangle? {
        guard seen.width != working.width || seen.height != working.height else { return box }
        let factorX = Double(working.width) / Double(seen.width), factorY = Double(working.height) / Double(seen.height)
        return DlibRectangle(
            left: (Double(box.left) + 0.5) * factorX - 0.5, top: (Double(box.top) + 0.5) * factorY - 0.5,
            right: (Double(box.right) + 0.5) * factorX - 0.5, bottom: (Double(box.bottom) + 0.5) * factorY - 0.5)
    }
}
