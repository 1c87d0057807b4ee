// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import NeuralNet
import ProgramHarness
import Testing

/// Networks as PyTorch's newer exporter leaves them: with several outputs, and their weights in a file beside them.
@Suite(
    .enabled(
        if: TestEnvironment.shared != nil && TestEnvironment.python != nil && Products.contains("enroll"),
        "needs LIKENESS_SHARED, LIKENESS_PYTHON and the built programs, which scripts/test sets"))
struct NetworkFileTests {
    private let folder: TemporaryFolder
    private let network: String

    init() throws {
        folder = try TemporaryFolder()
        network = folder.appending("network.onnx")
        let script = """
            import sys, onnx
            model = onnx.load(sys.argv[1])
            onnx.save_model(model, sys.argv[2], save_as_external_data=True, location="weights.bin", size_threshold=0)
            """
        let source = "\(TestEnvironment.shared ?? "")/cases/onnx/two_outputs-dyn18.onnx"
        let made = try Command.run(try #require(TestEnvironment.python), ["-c", script, source, network])
        try #require(made.status == 0, "\(made.errors)")
    }

    private func refusal() -> CommandFailure? {
        do {
            _ = try NetworkFile.read(network)
            return nil
        } catch {
            return error
        }
    }

    @Test func `weights beside a network become part of it`() throws {
        #expect(throws: NetworkError.self) { try Graph(onnx: [UInt8](Data(contentsOf: URL(fileURLWithPath: network)))) }
        let whole = try Graph(onnx: try NetworkFile.read(network))
        let source = URL(fileURLWithPath: "\(TestEnvironment.shared ?? "")/cases/onnx/two_outputs-dyn18.onnx")
        let original = try Graph(onnx: [UInt8](Data(contentsOf: source)))
        #expect(whole.initializers == original.initializers && whole.outputs.count == 2)
    }

    @Test func `a network whose weights are missing is refused by its own name`() throws {
        try FileManager.default.removeItem(atPath: folder.appending("weights.bin"))
        let found = refusal()
        let failure = try #require(found)
        #expect(failure.status == .configuration && failure.message.hasPrefix("\(network): the network is refused: "))
        #expect(failure.message.contains("weights.bin"))
    }

    @Test func `a link in place of the weights is refused in other words than weights that are missing`() throws {
        try FileManager.default.removeItem(atPath: folder.appending("weights.bin"))
        #expect(refusal()?.message.contains("is not beside the model; put it there") == true)
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending("weights.bin"), withDestinationPath: "/etc/passwd")
        #expect(refusal()?.message.contains("is a symbolic link, which is not followed") == true)
    }

    @Test func `a network with weights beside it is shown`() throws {
        let report = try InspectionReport(network, store: nil)
        #expect(report.networks.count == 1 && report.networks[0].parameters > 100)
        #expect(report.networks[0].outputs.map(\.name) == ["linear", "linalg_vector_norm"])
    }

    @Test func `one of several outputs is chosen, and they are named where none is`() async throws {
        let models = folder.appending("models")
        func importing(_ arguments: [String]) async throws -> CommandResult {
            try await Command.run(
                Products.program("enroll"),
                [
                    "model", "import", "onnx", network, "--detector",
                    "\(TestEnvironment.shared ?? "")/weights/yunet_n_320_320.onnx", "--name", "two", "--output", models,
                ] + arguments)
        }
        let unstated = try await importing([])
        #expect(unstated.status == 78)
        #expect(unstated.errors.contains("“linear”, “linalg_vector_norm”"), "\(unstated.errors)")
        #expect(unstated.errors.contains("\(network): ") && unstated.errors.contains("--embedding-output NAME"))
        let norm = try await importing(["--embedding-output", "linalg_vector_norm"])
        #expect(norm.status == 78 && norm.errors.contains("one row of 2 to 65536 numbers"), "\(norm.errors)")
        let unknown = try await importing(["--embedding-output", "logits"])
        #expect(unknown.status == 78 && unknown.errors.contains("“logits”"), "\(unknown.errors)")
        let chosen = try await importing(["--embedding-output", "linear"])
        #expect(chosen.status == 0, "\(chosen.errors)")
        // The package needs nothing beside it.
        try FileManager.default.removeItem(atPath: folder.appending("weights.bin"))
        let listed = try await Command.run(Products.program("enroll"), ["model", "list", "--models", models, "--json"])
        let there = try #require(try listed.json()["models"] as? [[String: Any]])
        #expect(there.map { $0["name"] as? String } == ["two"])
    }
}
