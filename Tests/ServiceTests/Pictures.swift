import Foundation
import Imaging

/// Numbers that look random and are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Pictures of people who do not exist: each person has a pattern of 8 × 8 grey cells, each picture its noise.
enum Pictures {
    static let side = 32

    static func image(person: Int, picture: Int = 0, noise: Int = 12, faces: Int = 1, light: Double = 1) -> RGBImage {
        var pattern = SeededGenerator(UInt64(person) &* 7919 &+ 1)
        let cells = (0..<64).map { _ in Int.random(in: 30...225, using: &pattern) }
        var grain = SeededGenerator(UInt64(person) &* 104_729 &+ UInt64(picture) &+ 13)
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

    static func base64(_ image: RGBImage) throws -> String {
        Data(try image.pngBytes()).base64EncodedString()
    }

    static func base64(person: Int, picture: Int = 0) throws -> String {
        try base64(image(person: person, picture: picture))
    }
}
