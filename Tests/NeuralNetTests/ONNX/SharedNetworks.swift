// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Testing

/// The networks that the project's data brings.
enum SharedNetworks {
    static let missing: Comment = "LIKENESS_SHARED names nothing that is there; scripts/test sets it"
    static let names = ["MobileFaceNet", "yunet_n_320_320", "yunet_n_dynamic"]
    static var isPresent: Bool { folder != nil }

    private static let folder = TestEnvironment.weights.map { URL(filePath: $0) }

    static func url(_ name: String) -> URL { (folder ?? URL(filePath: "/")).appending(path: name + ".onnx") }

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }
}
