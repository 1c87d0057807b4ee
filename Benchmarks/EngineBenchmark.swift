// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import NeuralNet
import ProgramHarness

/// The network engine against ONNX Runtime, both on one thread, in one run.
struct EngineBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract:
            "The network engine against ONNX Runtime on one thread: medians, their ratio and the largest difference.")

    @Argument(help: "ONNX files; default: the reference networks in LIKENESS_SHARED.")
    var networks: [String] = []

    @Option(help: "Turns each engine gets; they alternate, so that noise falls on both.")
    var turns = 5

    @Option(help: "Timed runs in each turn.")
    var runs = 20

    func run() async throws {
        guard let python = TestEnvironment.python else {
            throw ValidationError("LIKENESS_PYTHON names no Python with ONNX Runtime; scripts/benchmark sets it")
        }
        let files =
            networks.isEmpty
            ? ["MobileFaceNet.onnx", "yunet_n_320_320.onnx"].compactMap { file in
                TestEnvironment.shared.map { "\($0)/weights/\(file)" }
            }
            : networks
        guard !files.isEmpty else { throw ValidationError("name an ONNX file, or set LIKENESS_SHARED") }
        BLAS.useSingleThread()
        print("network                     likeness    onnxruntime   ratio   largest difference")
        for file in files {
            try measure(file, python: python)
        }
    }

    /// The inputs' shapes for one image: 1 where the network leaves an extent open, as the peer takes it.
    private static func single(_ network: Network) -> [String: [Int]] {
        var shapes: [String: [Int]] = [:]
        for input in network.inputs {
            shapes[input.name] = input.shape.map { if case .fixed(let extent) = $0 { extent } else { 1 } }
        }
        return shapes
    }

    private func measure(_ file: String, python: String) throws {
        let network = try Network(onnx: [UInt8](Data(contentsOf: URL(fileURLWithPath: file))))
        let plan = try network.plan(inputShapes: Self.single(network))
        let engine = plan.makeRun()
        guard let input = plan.inputs.first else { throw ValidationError("\(file) has no input") }
        var generator = SeededGenerator(seed: 7)
        let values = (0..<input.shape.reduce(1, *)).map { _ in Float.random(in: -1...1, using: &generator) }
        let peer = try ONNXRuntimePeer(python: python, network: file, input: values)
        defer { peer.stop() }

        var own: [Duration] = []
        var theirs: [Duration] = []
        for _ in 0..<turns {
            for _ in 0..<runs {
                let start = ContinuousClock.now
                try engine.setInput(input.name, values)
                try engine.execute()
                own.append(ContinuousClock.now - start)
            }
            theirs += try peer.time(runs: runs)
        }
        var difference: Float = 0
        for (output, expected) in zip(plan.outputs, try peer.outputs()) {
            let actual = try engine.output(output.name).values
            guard actual.count == expected.count else {
                throw HarnessError("\(output.name) has \(actual.count) values, not \(expected.count)")
            }
            for (left, right) in zip(actual, expected) { difference = max(difference, abs(left - right)) }
        }
        let medians = (Durations(own).quantile(0.5), Durations(theirs).quantile(0.5))
        let ratio = (medians.0.inSeconds / medians.1.inSeconds * 100).rounded() / 100
        let name = (file as NSString).lastPathComponent
        print(
            name.padding(toLength: 28, withPad: " ", startingAt: 0)
                + medians.0.milliseconds.padding(toLength: 12, withPad: " ", startingAt: 0)
                + medians.1.milliseconds.padding(toLength: 14, withPad: " ", startingAt: 0)
                + "\(ratio)".padding(toLength: 8, withPad: " ", startingAt: 0) + "\(difference)")
    }
}
