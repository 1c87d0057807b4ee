// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing

/// Models, their inputs and what ONNX Runtime answers: `Tests/Support/python/operator_cases`.
struct OperatorCases: Sendable {
    struct Value: Decodable, Sendable {
        let name: String
        let shape: [Int]
        /// The index of its first number in the file of all values.
        let position: Int
    }

    struct Case: Decodable, Sendable {
        let name: String
        /// The seed, the opset, and the nodes with their attributes.
        let description: String
        /// The model leaves the extents of its inputs open.
        let symbolic: Bool
        let inputs: [Value]
        let outputs: [Value]

        /// A whole network, and no case of a few operators.
        var isNetwork: Bool { name.hasPrefix("published-") || name.hasPrefix("exported-") }
    }

    let cases: [Case]
    private let models: [String: [UInt8]]
    private let values: [Float]

    /// Made once for all tests.
    static let shared = Result { try OperatorCases() }

    private init() throws {
        let temporary = try TemporaryFolder(), folder = URL(filePath: temporary.path)
        defer { withExtendedLifetime(temporary) {} }
        var networks =
            SharedNetworks.isPresent
            ? [
                "MobileFaceNet": "1x3x112x112", "yunet_n_320_320": "1x3x320x320",
                "yunet_n_dynamic": "1x3x160x192,2x3x96x64",
            ].sorted(by: <).map { "published-\($0)=\(SharedNetworks.url($0).path):\($1)" }
            : []
        for file in ExportedNetworks.files {
            let input = try Graph(onnx: Array(try Data(contentsOf: file))).inputs.first
            let shape = (input?.shape ?? []).map { if case .fixed(let extent) = $0 { "\(extent)" } else { "2" } }
            networks.append(
                "exported-\(file.deletingPathExtension().lastPathComponent)=\(file.path):"
                    + shape.joined(separator: "x"))
        }
        try PythonReference.run("operator_cases", [folder.path] + networks)
        cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: folder.appending(path: "cases.json")))
        models = try Dictionary(
            uniqueKeysWithValues: cases.map {
                ($0.name, Array(try Data(contentsOf: folder.appending(path: $0.name + ".onnx"))))
            })
        values = try Data(contentsOf: folder.appending(path: "values.bin")).withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
            }
        }
    }

    func model(_ each: Case) -> [UInt8] { models[each.name] ?? [] }

    func numbers(_ value: Value) -> [Float] { Array(values[value.position..<value.position + product(value.shape)]) }

    /// Runs the engine twice on a case and describes what differs from ONNX Runtime's answer; empty where nothing does.
    ///
    /// - Parameter relative: measure differences relative to the value where that is greater than 1.
    func differences(_ each: Case, atMost limit: Float, relative: Bool) throws -> [String] {
        let network = try Network(onnx: model(each))
        let shapes = Dictionary(uniqueKeysWithValues: each.inputs.map { ($0.name, $0.shape) })
        let run = try network.plan(inputShapes: each.symbolic ? shapes : [:]).makeRun()
        var found: [String] = []
        for _ in 0..<2 {
            for input in each.inputs { try run.setInput(input.name, numbers(input)) }
            try run.execute()
            for expected in each.outputs {
                let output = try run.output(expected.name)
                guard output.shape == expected.shape else {
                    found.append("\(expected.name) has the shape \(output.shape) instead of \(expected.shape)")
                    continue
                }
                let reference = numbers(expected)
                for (index, pair) in zip(output.values, reference).enumerated()
                where !Self.agree(pair.0, pair.1, limit: limit, relative: relative) {
                    found.append("\(expected.name)[\(index)] is \(pair.0) instead of \(pair.1)")
                    break
                }
            }
        }
        return found
    }

    private static func agree(_ value: Float, _ reference: Float, limit: Float, relative: Bool) -> Bool {
        if value == reference || (value.isNaN && reference.isNaN) { return true }
        return abs(value - reference) <= limit * (relative ? max(1, abs(reference)) : 1)
    }
}

/// Small networks that PyTorch exported, by both of its exporters (`dyn18`, `ts17`), of blocks that are in use.
enum ExportedNetworks {
    static let missing: Comment = "LIKENESS_SHARED names no folder with cases/onnx; scripts/test sets it"
    static let files: [URL] = {
        guard let folder = TestEnvironment.shared.map({ URL(filePath: $0).appending(path: "cases/onnx") }),
            let found = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        else { return [] }
        return found.filter { $0.pathExtension == "onnx" }.sorted { $0.path < $1.path }
    }()
}
