// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness

/// As many identities as are asked for, made of the photographs of a few people.
///
/// A gallery of thousands needs thousands of different pictures, and no set at hand has them: each identity is one
/// person's photographs, stretched, turned and mirrored in a way of its own. They are faces that detectors find and
/// networks embed; how well people are told apart is no matter of these.
struct FaceVariants: Sendable {
    private let people: [[RGBImage]]

    init(_ people: [Person]) throws {
        self.people = try people.map { person in
            try person.photographs.map { try RGBImage(decoding: [UInt8](Data(contentsOf: URL(fileURLWithPath: $0)))) }
        }
    }

    /// How many different pictures an identity has.
    var pictures: Int { people.map(\.count).min() ?? 0 }

    static func name(_ identity: Int) -> String { "person-\(identity)" }

    /// A picture of an identity as a PNG file in Base64: the same for the same numbers.
    func base64(identity: Int, picture: Int) throws -> String {
        let photographs = people[identity % people.count]
        let photograph = photographs[picture % photographs.count]
        let variant = identity / people.count
        var generator = SeededGenerator(seed: UInt64(variant))
        let turn = Double.random(in: -0.12...0.12, using: &generator)
        let stretch = Double.random(in: 0.88...1.12, using: &generator),
            lean = Double.random(in: -0.06...0.06, using: &generator)
        let mirror: Double = variant.isMultiple(of: 2) ? 1 : -1
        let width = Double(photograph.width), height = Double(photograph.height)
        // From a place in the variant to the one in the photograph, about the middle of both.
        let a = mirror * cos(turn), b = mirror * sin(turn) * stretch, c = lean - sin(turn), d = cos(turn) * stretch
        let map = AffineTransform(
            a: a, b: b, c: c, d: d, tx: (width - a * width - c * height) / 2, ty: (height - b * width - d * height) / 2)
        let edge = photograph.pixels.first ?? RGB(red: 0, green: 0, blue: 0)
        let variantPicture = photograph.warped(by: map, width: photograph.width, height: photograph.height, fill: edge)
        return Data(try variantPicture.grayscale().pngBytes()).base64EncodedString()
    }
}
