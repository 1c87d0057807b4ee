// SPDX-License-Identifier: Apache-2.0

import Imaging
import NeuralNet

/// One worker's YuNet: it keeps the buffers of the size it saw last.
final class YuNetSession: FaceLocatorSession {
    private let parameters: YuNetParameters
    private let plans: PlanCache
    private let canvas: YuNetCanvas
    private let inputName: String
    private var planes: [Float] = []
    private var latest: (width: Int, height: Int, run: NetworkRun)?

    init(parameters: YuNetParameters, plans: PlanCache, canvas: YuNetCanvas, inputName: String) {
        self.parameters = parameters
        self.plans = plans
        self.canvas = canvas
        self.inputName = inputName
    }

    func locate(in picture: any PictureSource) throws -> [DetectedFace] {
        try locate(in: picture, side: nil)
    }

    func locate(in picture: any PictureSource, longerSide: Int) throws -> [DetectedFace] {
        try locate(in: picture, side: longerSide)
    }

    private func locate(in picture: any PictureSource, side: Int?) throws -> [DetectedFace] {
        guard picture.width > 0, picture.height > 0 else { return [] }
        let placement = canvas.placement(width: picture.width, height: picture.height, longerSide: side)
        paint(try picture.pixels(width: placement.imageWidth, height: placement.imageHeight), placement)

        let run = try run(width: placement.width, height: placement.height)
        try run.setInput(inputName, planes)
        try run.execute()
        let found = try YuNetOutputs.candidates(
            of: run, width: placement.width, height: placement.height, minimumConfidence: parameters.minimumConfidence)
        let scaleX = Double(picture.width) / Double(placement.imageWidth)
        let scaleY = Double(picture.height) / Double(placement.imageHeight)
        return found.distinct(overlapUnion: parameters.overlapUnion).compactMap { face in
            // What was found in the black margin is no face.
            guard face.box.center.x < Double(placement.imageWidth), face.box.center.y < Double(placement.imageHeight)
            else {
                return nil
            }
            return face.scaled(x: scaleX, y: scaleY)
        }
    }

    /// Blue, green and red planes of 0…255 as the network takes them.
    private func paint(_ image: RGBImage, _ placement: YuNetCanvas.Placement) {
        let plane = placement.width * placement.height
        if planes.count == 3 * plane {
            for index in planes.indices { planes[index] = 0 }
        } else {
            planes = Array(repeating: 0, count: 3 * plane)
        }
        for y in 0..<image.height {
            for x in 0..<image.width {
                let pixel = image[x, y]
                let position = y * placement.width + x
                planes[position] = Float(pixel.blue)
                planes[plane + position] = Float(pixel.green)
                planes[2 * plane + position] = Float(pixel.red)
            }
        }
    }

    private func run(width: Int, height: Int) throws(NetworkError) -> NetworkRun {
        if let latest, latest.width == width, latest.height == height { return latest.run }
        // The old buffers go before the new ones come.
        latest = nil
        let run = try plans.plan(width: width, height: height).makeRun()
        latest = (width, height, run)
        return run
    }
}

extension DetectedFace {
    /// The face in an image whose pixels are `x` and `y` times as small. Pixel centres map to pixel centres.
    func scaled(x: Double, y: Double) -> DetectedFace {
        func position(_ point: Point) -> Point {
            Point(x: (point.x + 0.5) * x - 0.5, y: (point.y + 0.5) * y - 0.5)
        }
        let corner = position(Point(x: box.left, y: box.top))
        return DetectedFace(
            box: Rectangle(left: corner.x, top: corner.y, width: box.width * x, height: box.height * y),
            landmarks: landmarks.map(position), landmarkLayout: landmarkLayout, confidence: confidence)
    }
}
