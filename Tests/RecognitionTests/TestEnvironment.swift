import Foundation
import Imaging
import ProgramHarness

extension TestEnvironment {
    static let missing = "LIKENESS_SHARED or LIKENESS_PYTHON names nothing that is there"

    static func face(_ person: Int, _ image: Int) throws -> RGBImage {
        try RGBImage(decoding: faceBytes(person, image))
    }

    static func faceBytes(_ person: Int, _ image: Int) throws -> [UInt8] {
        let path = "\(faces ?? "")/s\(person < 10 ? "0" : "")\(person)/\(image < 10 ? "0" : "")\(image).png"
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func weight(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(weights ?? "")/\(name)")))
    }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
