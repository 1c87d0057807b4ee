// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness

/// Pictures of people who do not exist: each person has a pattern of 8 × 8 grey cells, each picture its noise.
enum Pictures {
    static let side = 32

    static func image(person: Int, picture: Int = 0, noise: Int = 12, faces: Int = 1, light: Double = 1) -> RGBImage {
        var pattern = SeededGenerator(seed: UInt64(person) &* 7919 &+ 1)
        let cells = (0..<64).map { _ in Int.random(in: 30...225, using: &pattern) }
        var grain = SeededGenerator(seed: UInt64(person) &* 104_729 &+ UInt64(picture) &+ 13)
        var image = RGBImage(width: side, height: side, repeating: RGB(red: 0, green: 0, blue: 0))
        for y in 0..<side {
            for x in 0..<side {
                let level = cells[y / 4 * 8 + x / 4] + Int.random(in: -noise...noise, using: &grain)
                let value = UInt8(clamping: Int(Double(level) * light))
                image[x, y] = RGB(red: value, green: value, blue: value)
            }
        }
        for face in 0..<faces { image[face * 2, 0] = RGB(red: 255, green: 0, blue: 0) }
        return image
    }

    /// Several of them in a row.
    static func group(_ images: [RGBImage]) -> RGBImage {
        var group = RGBImage(
            width: side * max(1, images.count), height: side, repeating: RGB(red: 0, green: 0, blue: 0))
        for (number, image) in images.enumerated() {
            for y in 0..<side { for x in 0..<side { group[number * side + x, y] = image[x, y] } }
        }
        return group
    }

    static func base64(_ image: RGBImage) throws -> String {
        Data(try image.pngBytes()).base64EncodedString()
    }

    static func base64(person: Int, picture: Int = 0) throws -> String {
        try base64(image(person: person, picture: picture))
    }
}
