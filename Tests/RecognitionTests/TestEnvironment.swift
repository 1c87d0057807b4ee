// SPDX-License-Identifier: Apache-2.0

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
