import Foundation

/// Models made by Python's onnx package, and what is to be read from them: `Tests/Support/python/onnx_files.py`.
struct ONNXFiles: Sendable {
    struct Expected: Decodable {
        struct Constant: Decodable {
            let shape: [Int]
            let type: Int
            let values: [String]
        }

        let operators: [String]
        let inputs: [String]
        let opset: Int
        let constants: [String: Constant]
    }

    struct Refusal: Decodable {
        let kind: String
        let words: [String]
    }

    let folder: URL

    /// Made once for all tests.
    static let shared = Result { try ONNXFiles() }

    private init() throws {
        folder = try PythonReference.temporaryFolder("onnx-files")
        try PythonReference.run("onnx_files.py", ["make", folder.path])
    }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name + ".onnx"))) }

    func readable() throws -> [String: Expected] { try decode("read.json") }

    func refused() throws -> [String: Refusal] { try decode("refused.json") }

    private func decode<Value: Decodable>(_ name: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(contentsOf: folder.appending(path: name)))
    }
}
