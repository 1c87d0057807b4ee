// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import NeuralNet
import ProgramHarness

/// The network engine against ONNX Runtime and OpenVINO, each on as many threads, in one run.
struct EngineBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract:
            "The network engine against ONNX Runtime and OpenVINO on one thread or several: medians, their ratios, and the largest difference.",
        discussion: """
            Each round times every engine in turn, and a ratio is the median of the rounds' ratios with the 95 % interval of \
            a bootstrap. It fails when a ratio is worse than the one recorded in Benchmarks/engine-ratios.json by more than \
            3 % and its interval. Nothing else should run meanwhile.
            """)

    @Argument(
        help:
            "ONNX files; default: those of LIKENESS_SHARED, the signature model, dlib's, and networks of random weights."
    )
    var networks: [String] = []

    @Option(help: "Rounds after the first ten.")
    var rounds = 60

    @Option(help: "The peers, separated by commas; the first is the one that ratios are recorded against.")
    var peers = "onnxruntime,openvino"

    @Option(help: "Threads of one run, of each engine. Ratios are recorded for one.")
    var threads = 1

    @Flag(help: "Print the time of each kernel call and its share of the core's peak.")
    var profile = false

    @Flag(help: "Write the ratios of this run to Benchmarks/engine-ratios.json.")
    var record = false

    @Option(help: "The recorded ratios.")
    var ratios = "Benchmarks/engine-ratios.json"

    func run() async throws {
        guard let python = TestEnvironment.python else {
            throw ValidationError("LIKENESS_PYTHON names no Python with ONNX Runtime; scripts/benchmark sets it")
        }
        guard rounds > 0 else { throw ValidationError("--rounds has to be above 0") }
        guard threads == 1 || (!record && threads <= SpareCores.most) else {
            throw ValidationError("--threads is 1 to \(SpareCores.most), and --record for one thread")
        }
        BLAS.useSingleThread()
        SpareCores.shared.use(cores: threads, perRun: threads)
        let folder = try TemporaryFolder()
        let files = networks.isEmpty ? try EngineNetworks.all(in: folder) : networks
        var recorded = try RecordedRatios(file: ratios, allowsNone: record || threads > 1 || !networks.isEmpty)
        let peakBefore = CorePeak.measure()
        print("multiply-add peak of a core: \(peakBefore.rounded()) GFLOP/s")
        print(Self.line("network", "peer", "likeness", "the peer’s", "ratio", "95 %", "p95", "difference"))
        var worse: [String] = []
        for file in files {
            let name = Self.name(of: file)
            for result in try measure(file, python: python) {
                print(result.line(name))
                let isWorse = threads == 1 && recorded.isWorse(result, network: name)
                if isWorse { worse.append("\(name) against \(result.peer)") }
                if record { recorded.set(result, network: name) }
            }
            if profile { try printProfile(file, peak: peakBefore) }
        }
        let peakAfter = CorePeak.measure()
        print("multiply-add peak of a core afterwards: \(peakAfter.rounded()) GFLOP/s")
        guard abs(peakAfter / peakBefore - 1) < 0.05 else {
            print("the core’s speed changed by more than 5 %: the run says nothing")
            throw ExitCode(2)
        }
        if record { return try recorded.write(to: ratios) }
        guard worse.isEmpty else {
            print("slower than recorded in \(ratios): \(worse.joined(separator: ", "))")
            throw ExitCode(1)
        }
    }

    static func line(_ words: String...) -> String {
        zip(words, [30, 14, 12, 12, 8, 14, 8, 12]).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            .joined()
    }

    /// The file's name, with its folder's where that alone says what it is.
    private static func name(of file: String) -> String {
        let url = URL(fileURLWithPath: file), name = url.deletingPathExtension().lastPathComponent
        guard ["embed", "detect"].contains(name) else { return name }
        return "\(url.deletingLastPathComponent().lastPathComponent.prefix(14)) \(name)"
    }

    private func prepare(_ file: String) throws -> (run: NetworkRun, input: TensorInfo, values: [Float]) {
        let network = try Network(onnx: [UInt8](Data(contentsOf: URL(fileURLWithPath: file))))
        let plan = try network.plan(inputShapes: EngineNetworks.shapes(network))
        guard let input = plan.inputs.first else { throw ValidationError("\(file) has no input") }
        var generator = SeededGenerator(seed: 7)
        let values = (0..<input.shape.reduce(1, *)).map { _ in Float.random(in: -1...1, using: &generator) }
        let run = plan.makeRun()
        try run.setInput(input.name, values)
        return (run, input, values)
    }

    private func measure(_ file: String, python: String) throws -> [EngineResult] {
        let (engine, input, values) = try prepare(file)
        let opened = try peers.split(separator: ",").map {
            try EnginePeer(
                String($0), python: python, network: file, input: values, shape: input.shape, threads: threads)
        }
        defer { for peer in opened { peer.stop() } }
        var own: [Duration] = [], theirs = opened.map { _ in [Duration]() }
        for round in 0..<rounds + 10 {
            // Twice, so that what is timed finds the caches as its own run leaves them.
            try engine.execute()
            let start = ContinuousClock.now
            try engine.execute()
            let time = ContinuousClock.now - start
            if round >= 10 { own.append(time) }
            for (index, peer) in opened.enumerated() {
                let time = try peer.time()
                if round >= 10 { theirs[index].append(time) }
            }
        }
        var difference: Float = 0
        for (output, expected) in zip(engine.plan.outputs, try opened.first?.outputs() ?? []) {
            let actual = try engine.output(output.name).values
            guard actual.count == expected.count else {
                throw HarnessError("\(output.name) has \(actual.count) values, not \(expected.count)")
            }
            let largest = expected.reduce(0) { max($0, abs($1)) }
            for (left, right) in zip(actual, expected) {
                difference = max(difference, abs(left - right) / max(largest, 1))
            }
        }
        return zip(opened, theirs).map { peer, times in
            EngineResult(peer: peer.name, own: own, theirs: times, difference: difference)
        }
    }

    private func printProfile(_ file: String, peak: Double) throws {
        let (engine, _, _) = try prepare(file)
        var best: [(step: String, time: Duration)] = try engine.profile()
        for _ in 0..<20 {
            for (index, step) in try engine.profile().enumerated() {
                best[index].time = min(best[index].time, step.time)
            }
        }
        for (step, time) in best {
            print("    \(time.inSeconds * 1e6 < 10 ? " " : "")\((time.inSeconds * 1e6).rounded()) µs  \(step)")
        }
        print(
            "    at the peak of \(peak.rounded()) GFLOP/s a million products take \((2000 / peak * 10).rounded() / 10) µs"
        )
    }
}
