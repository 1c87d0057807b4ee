// SPDX-License-Identifier: Apache-2.0

import Imaging
import Recognition
import Synchronization
import Testing

@Suite struct FaceSearchTests {
    @Test(arguments: [30.0, 120])
    func `a picture of hundreds of tilted faces is looked at as often as one of a single tilted face`(
        roll: Double
    ) throws {
        let image = RGBImage(width: 640, height: 480, repeating: RGB(red: 128, green: 128, blue: 128))
        let looks = try [1, 300].map { count in
            let crowd = TiltedCrowd(count: count, roll: roll, width: image.width)
            _ = try FaceChips(locator: crowd, aligner: ArcFaceAligner(chipSize: 112), limits: QualityLimits())
                .chip(in: image)
            return crowd.looks.value
        }
        // At least the picture and a part of it that is turned upright.
        #expect(looks[0] >= 2)
        #expect(looks[1] == looks[0])
    }
}

/// Sees so many tilted faces in the picture, and one that is upright in every part of it.
private struct TiltedCrowd: FaceLocator {
    let count: Int
    let roll: Double
    /// Of the picture.
    let width: Int
    let looks = Counter()

    let landmarkLayout = LandmarkLayout.eyesNoseMouth
    let smallestFace = 20.0
    let minimumSide = 1
    let firstSide = 640
    let maximumSide = 640
    let uprightConfidence: Double? = 0.9

    func makeSession() -> any FaceLocatorSession { Session(crowd: self) }

    final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func increment() { count.withLock { $0 += 1 } }
    }

    final class Session: FaceLocatorSession {
        private let crowd: TiltedCrowd

        init(crowd: TiltedCrowd) {
            self.crowd = crowd
        }

        func locate(in picture: any PictureSource) throws -> [DetectedFace] { try locate(in: picture, longerSide: 640) }

        func locate(in picture: any PictureSource, longerSide: Int) throws -> [DetectedFace] {
            crowd.looks.increment()
            guard picture.width == crowd.width else {
                let middle = Point(x: Double(picture.width) / 2, y: Double(picture.height) / 2)
                return [face(at: middle, size: Double(picture.width) / 2.4, roll: 0, confidence: 0.95)]
            }
            return (0..<crowd.count).map { index in
                let center = Point(x: 20 + 30 * Double(index % 20), y: 20 + 30 * Double(index / 20))
                return face(at: center, size: 24, roll: crowd.roll, confidence: 0.8)
            }
        }

        private func face(at center: Point, size: Double, roll: Double, confidence: Double) -> DetectedFace {
            // The eyes, the nose and the corners of the mouth in a chip of 112 pixels (ArcFace).
            let mean = [(38.3, 51.7), (73.5, 51.5), (56.0, 71.7), (41.5, 92.4), (70.7, 92.2)]
            let map = AffineTransform(turnedBy: roll, scale: size / 112, from: Point(x: 56, y: 56), to: center)
            return DetectedFace(
                box: Rectangle(left: center.x - size / 2, top: center.y - size / 2, width: size, height: size),
                landmarks: mean.map { map.applied(to: Point(x: $0.0, y: $0.1)) }, landmarkLayout: .eyesNoseMouth,
                confidence: confidence)
        }
    }
}
