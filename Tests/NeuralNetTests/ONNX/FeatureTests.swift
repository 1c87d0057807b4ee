// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing

/// Models with functions, graphs in nodes, data in other files and small weights, and what ONNX Runtime answers to
/// them: `Tests/Support/python/onnx_features.py`.
@Suite(
    "Functions, graphs in nodes and external data",
    .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
struct FeatureTests {
    private struct Answer: Decodable {
        let shape: [Int]
        let values: [Float]
    }

    private struct Cases: Decodable {
        let running: [String: [String: Answer]]
        let refused: [String: [String]]
    }

    private let temporary: TemporaryFolder
    private let cases: Cases

    init() throws {
        temporary = try TemporaryFolder()
        try PythonReference.run("onnx_features.py", [temporary.path])
        let file = URL(filePath: temporary.path).appending(path: "cases.json")
        cases = try JSONDecoder().decode(Cases.self, from: Data(contentsOf: file))
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: temporary.path).appending(path: name + ".onnx")))
    }

    private var external: ExternalTensorData { ExternalTensorData(besideModelIn: temporary.path) }

    @Test("They give what ONNX Runtime gives")
    func running() throws {
        #expect(cases.running.count == 11)
        for (name, answers) in cases.running {
            do {
                let run = try Network(onnx: try bytes(name), external: external).plan().makeRun()
                try run.setInput("x", (0..<6).map { -2 + Float($0) * 0.8 })
                try run.execute()
                for (output, answer) in answers {
                    let found = try run.output(output)
                    #expect(found.shape == answer.shape, "\(name)")
                    #expect(greatestDifference(found.values, answer.values.map(Double.init)) < 1e-5, "\(name)")
                }
            } catch {
                Issue.record("\(name): \(error)")
            }
        }
    }

    @Test("What was read with external data, functions and branches can be written and read again")
    func roundTrip() throws {
        for name in cases.running.keys where name != "half" && name != "brain" {
            let graph = try Graph(onnx: try bytes(name), external: external)
            #expect(try Graph(onnx: try graph.onnxBytes()) == graph, "\(name)")
        }
    }

    @Test("Other files than those beside the model, endless functions and unknown conditions are refused by name")
    func refused() throws {
        #expect(cases.refused.count == 22)
        for (name, words) in cases.refused {
            let start = ContinuousClock.now
            let model = try bytes(name)
            let error = #expect(throws: NetworkError.self, "\(name)") {
                try Network(onnx: model, external: external).plan()
            }
            for word in words { #expect(error?.description.contains(word) ?? false, "\(name): \(error as Any)") }
            #expect(ContinuousClock.now - start < .seconds(5), "\(name)")
        }
    }

    @Test("Without a folder no other file is read")
    func withoutFolder() throws {
        let model = try bytes("external")
        let error = #expect(throws: NetworkError.self) { try Graph(onnx: model) }
        #expect(error?.description.contains("another file") ?? false)
    }
}
