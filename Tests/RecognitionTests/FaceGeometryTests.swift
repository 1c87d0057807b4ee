// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import Recognition
import Testing

@Suite struct FaceGeometryTests {
    /// The landmarks that an upright face would have, turned clockwise about the middle of a picture.
    private func landmarks(
        _ layout: LandmarkLayout, turnedBy degrees: Double, noseMovedBy offset: Double = 0
    ) -> [Point] {
        var points: [Point] =
            switch layout {
            case .eyesNoseMouth: ArcFaceAligner.standardLandmarks
            case .eyeCornersNose:
                [
                    Point(x: 86, y: 21), Point(x: 65, y: 23), Point(x: 12, y: 21), Point(x: 33, y: 23),
                    Point(x: 49, y: 63),
                ]
            }
        let nose = layout == .eyesNoseMouth ? 2 : 4
        points[nose].x += offset
        let angle = degrees * .pi / 180
        return points.map { point in
            let x = point.x - 56, y = point.y - 56
            return Point(x: 200 + 2 * (cos(angle) * x - sin(angle) * y), y: 150 + 2 * (sin(angle) * x + cos(angle) * y))
        }
    }

    @Test(arguments: LandmarkLayout.allCases, [-170.0, -90, -30, 0, 45, 120, 179])
    func `roll is the angle of the head`(layout: LandmarkLayout, degrees: Double) throws {
        let geometry = try #require(
            FaceGeometry(landmarks: landmarks(layout, turnedBy: degrees), layout: layout))
        #expect(abs(geometry.roll - degrees) < 1)
        #expect(abs(geometry.yaw) < 3)
        #expect(geometry.deviation < 0.02)
    }

    @Test(arguments: LandmarkLayout.allCases) func `a head turned to a side has its nose there, however it is tilted`(
        layout: LandmarkLayout
    ) throws {
        for degrees in [0.0, 130] {
            let right = try #require(
                FaceGeometry(
                    landmarks: landmarks(layout, turnedBy: degrees, noseMovedBy: 10), layout: layout))
            let left = try #require(
                FaceGeometry(
                    landmarks: landmarks(layout, turnedBy: degrees, noseMovedBy: -10), layout: layout))
            #expect(right.yaw > 15 && right.yaw < 60)
            #expect(left.yaw < -15 && left.yaw > -60)
        }
    }

    @Test func `points that are no face are far from one`() throws {
        let points = [(0, 0), (1, 90), (2, 5), (70, 3), (90, 88)].map { Point(x: Double($0.0), y: Double($0.1)) }
        let geometry = try #require(FaceGeometry(landmarks: points, layout: .eyesNoseMouth))
        #expect(geometry.deviation > 0.5)
    }

    @Test func `points in one place have no geometry`() {
        let points = Array(repeating: Point(x: 3, y: 4), count: 5)
        for layout in LandmarkLayout.allCases {
            #expect(FaceGeometry(landmarks: points, layout: layout) == nil)
            #expect(FaceGeometry(landmarks: [], layout: layout) == nil)
        }
    }
}
