// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import NeuralNet
import ProgramHarness

/// Pictures embedded together against one after the other, in one run.
struct BatchBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "The time of a picture in a batch over that of one alone, on one thread, in turns: medians.")

    @Argument(help: "Networks in ONNX; without any, those that the engine is compared on.")
    var networks: [String] = []

    @Option(parsing: .upToNextOption, help: "Pictures of a batch.")
    var sizes = [4, 8]

    @Option(help: "Rounds that count, after five that do not.")
    var rounds = 40

    func validate() throws {
        guard sizes.allSatisfy({ $0 > 0 }), rounds > 0 else { throw ValidationError("every number has to be above 0") }
    }

    func run() async throws {
        let folder = try TemporaryFolder()
        for file in try networks.isEmpty ? EngineNetworks.all(in: folder) : networks {
            let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
            for size in sizes {
                guard let one = try prepare(file, batch: 1), let many = try prepare(file, batch: size) else {
                    print("\(name): takes one picture at a time")
                    break
                }
                var single: [Duration] = [], together: [Duration] = []
                for round in 0..<rounds + 5 {
                    let alone = try time { for _ in 0..<size { try one.execute() } }
                    let batch = try time { try many.execute() }
                    guard round >= 5 else { continue }
                    single.append(alone)
                    together.append(batch)
                }
                let result = EngineResult(peer: "alone", own: together, theirs: single, difference: 0)
                func number(_ value: Double) -> String { String(format: "%.3f", value) }
                func each(_ time: Duration) -> String { number(time.inSeconds * 1000 / Double(size)) }
                print(
                    "\(name): \(size) together \(each(result.own)) ms each, alone \(each(result.theirs)) ms, ratio "
                        + "\(number(result.ratio)) (\(number(result.interval.lowerBound))–\(number(result.interval.upperBound)))"
                )
            }
        }
    }

    private func time(_ work: () throws -> Void) rethrows -> Duration {
        let start = ContinuousClock.now
        try work()
        return ContinuousClock.now - start
    }

    /// - Returns: nil when the network is for one picture at a time.
    private func prepare(_ file: String, batch: Int) throws -> NetworkRun? {
        let network = try Network(onnx: [UInt8](Data(contentsOf: URL(fileURLWithPath: file))))
        guard let input = network.inputs.first, case .fixed? = input.shape.first else {
            return try run(network, batch)
        }
        return batch == 1 ? try run(network, batch) : nil
    }

    private func run(_ network: Network, _ batch: Int) throws -> NetworkRun {
        var shapes = EngineNetworks.shapes(network), generator = SeededGenerator(seed: 7)
        for input in network.inputs {
            if case .fixed? = input.shape.first { continue }
            shapes[input.name]?[0] = batch
        }
        let plan = try network.plan(inputShapes: shapes), run = plan.makeRun()
        for input in plan.inputs {
            try run.setInput(
                input.name,
                (0..<input.shape.reduce(1, *)).map { _ in Float.random(in: -1...1, using: &generator) })
        }
        return run
    }
}
