// SPDX-License-Identifier: Apache-2.0

import DlibModels
import FuzzSupport

/// A file of dlib's, as `enroll model import dlib` reads it when it is not the published one. The first byte says which of the
/// three it is taken for.
@main enum DlibFuzz: FuzzTarget {
    static func read(_ input: [UInt8]) throws {
        let bytes = Array(input.dropFirst())
        switch input.first {
        case UInt8(ascii: "e"): _ = try DlibImport.embeddingGraph(fileBytes: bytes).onnxBytes()
        case UInt8(ascii: "d"): _ = try DlibImport.detectorGraph(fileBytes: bytes).graph.onnxBytes()
        case UInt8(ascii: "l"): _ = try DlibImport.shapePredictor(fileBytes: bytes).fileBytes()
        default: break
        }
    }
}
