// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Imaging
import Recognition
import Testing

/// What `enroll detect --draw` draws.
@Suite struct FaceDrawingTests {
    private static let gray = RGB(red: 90, green: 90, blue: 90)
    private static let white = RGB(red: 255, green: 255, blue: 255)
    private static let red = RGB(red: 230, green: 40, blue: 40)

    private func drawing(_ boxes: [Rectangle], width: Int = 300, height: Int = 200) -> RGBImage {
        let faces = boxes.map { box in
            PreparedFaces.Face(
                face: DetectedFace(
                    box: box, landmarks: [], landmarkLayout: .eyeCornersNose, confidence: 1),
                sample: .failure(.landmarksUnusable("a test")))
        }
        return FaceDrawing.image(
            of: RGBImage(width: width, height: height, repeating: Self.gray),
            faces: PreparedFaces(faces: faces, found: faces.count, counted: faces.count))
    }

    /// The white pixels of a part of a drawing, a row a line.
    private func ink(_ image: RGBImage, _ left: Int, _ top: Int, _ width: Int, _ height: Int) -> [String] {
        (top..<top + height).map { y in
            (left..<left + width).map { image[$0, y] == Self.white ? "#" : "." }.joined()
        }
    }

    @Test func `faces have their numbers, over their boxes or in them where there is no room`() {
        let image = drawing([
            Rectangle(left: 100, top: 100, width: 40, height: 40), Rectangle(left: 20, top: 2, width: 40, height: 40),
        ])
        #expect(
            ink(image, 100, 93, 5, 7) == [
                ".....",
                "..#..",
                ".##..",
                "..#..",
                "..#..",
                ".###.",
                ".....",
            ])
        #expect(image[100, 93] == Self.red && image[100, 100] == Self.red)
        #expect(
            ink(image, 20, 2, 5, 7) == [
                ".....",
                ".###.",
                "...#.",
                ".###.",
                ".#...",
                ".###.",
                ".....",
            ])
    }

    @Test func `every number up to the most is drawn, no two alike, and all of it`() {
        let labels = (1...PreparedFaces.limit).map { number -> [String] in
            // All in one place; the last lies on top.
            let image = drawing(
                Array(repeating: Rectangle(left: 10, top: 50, width: 40, height: 40), count: number))
            return ink(image, 10, 43, 9, 7)
        }
        #expect(Set(labels).count == PreparedFaces.limit)
        #expect(labels.allSatisfy { $0.joined().contains("#") })
    }

    @Test func `a box that reaches over the edge keeps its number in the picture`() {
        let image = drawing([Rectangle(left: -30, top: -30, width: 400, height: 300)])
        let white = ink(image, 0, 0, 300, 200).joined().count { $0 == "#" }
        // The digit 1 has eight squares of 300 / 40 pixels each.
        #expect(white == 8 * 7 * 7)
        let right = drawing([Rectangle(left: 298, top: 50, width: 40, height: 40)])
        #expect(ink(right, 295, 43, 5, 7).joined().count { $0 == "#" } == 8)
        // None that has no size, or no place, ends the command.
        _ = drawing([
            Rectangle(left: 1e300, top: -1e300, width: .nan, height: 1e300),
            Rectangle(left: .nan, top: 0, width: -1e300, height: -1),
        ])
    }
}
