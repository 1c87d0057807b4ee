// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness

/// Models made by Python's onnx package, and what is to be read from them: `Tests/Support/python/onnx_files.py`.
struct ONNXFiles: Sendable {
    struct Expected: Decodable, Sendable {
        struct Constant: Decodable, Sendable {
            let shape: [Int]
            let type: Int
            let values: [String]
        }

        let operators: [String]
        let inputs: [String]
        let opset: Int
        let constants: [String: Constant]
    }

    struct Refusal: Decodable, Sendable {
        let kind: String
        let words: [String]
    }

    let readable: [String: Expected]
    let refused: [String: Refusal]
    private let files: [String: [UInt8]]

    /// Made once for all tests.
    static let shared = Result { try ONNXFiles() }

    private init() throws {
        let temporary = try TemporaryFolder(), folder = URL(filePath: temporary.path)
        defer { withExtendedLifetime(temporary) {} }
        try PythonReference.run("onnx_files.py", ["make", folder.path])
        func contents(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }
        let readable = try JSONDecoder().decode([String: Expected].self, from: contents("read.json"))
        let refused = try JSONDecoder().decode([String: Refusal].self, from: contents("refused.json"))
        files = try Dictionary(
            uniqueKeysWithValues: (Array(readable.keys) + refused.keys).map {
                ($0, Array(try contents($0 + ".onnx")))
            })
        (self.readable, self.refused) = (readable, refused)
    }

    func bytes(_ name: String) -> [UInt8] { files[name] ?? [] }
}
