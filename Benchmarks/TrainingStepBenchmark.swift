// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import NeuralNet
import ProgramHarness
import Training

/// One training step of the reference network against PyTorch, both on the same cores, in one run.
struct TrainingStepBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "training-step",
        abstract:
            "A training step of the reference network against PyTorch: forward, backward and Adam; medians and their ratio."
    )

    @Option(help: "Pairs in a batch.")
    var pairs = 16

    @Option(help: "Threads of each.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: "Turns each gets; they alternate, so that noise falls on both.")
    var turns = 5

    @Option(help: "Timed steps in each turn.")
    var steps = 2

    func run() async throws {
        guard let python = TestEnvironment.python else {
            throw ValidationError("LIKENESS_PYTHON names no Python with PyTorch; scripts/benchmark sets it")
        }
        guard pairs > 0, threads > 0, turns > 0, steps > 0 else {
            throw ValidationError("every number has to be above 0")
        }
        var random = RandomSource(seed: 7)
        let images = (0..<2 * pairs * 105 * 105).map { _ in random.uniform() }
        let isSame = (0..<pairs).map { $0 % 2 == 0 }

        let graph = try ArchitectureDescription.reference.makeGraph(random: &random)
        let network = try TrainableNetwork(graph, threads: threads)
        let pass = try network.makePass(inputShape: [2 * pairs, 1, 105, 105])
        let loss = try ContrastiveLoss(margin: 1)
        let optimizer = Adam(try AdamSettings(weightDecay: try WeightDecay(5e-4, decaysEverything: true)))
        let labeled = isSame.enumerated().map { LabeledPair(first: 2 * $0, second: 2 * $0 + 1, isSame: $1) }
        func step() throws -> Duration {
            let start = ContinuousClock.now
            for parameter in network.parameters { parameter.clearGradient() }
            let embeddings = try pass.forward(images, random: &random)
            let batch = try EmbeddingBatch(
                values: embeddings, dimension: embeddings.count / (2 * pairs),
                labels: Array(repeating: 0, count: 2 * pairs), pairs: labeled)
            try pass.backward(try loss.evaluate(batch).gradient)
            optimizer.step(network.parameters, learningRate: 1e-3)
            return ContinuousClock.now - start
        }

        let peer = try PyTorchPeer(python: python, images: images, isSame: isSame, threads: threads)
        defer { peer.stop() }
        // The first steps of both make plans and touch their memory.
        _ = try step()
        _ = try peer.time(steps: 1)
        var own: [Duration] = []
        var theirs: [Duration] = []
        for _ in 0..<turns {
            for _ in 0..<steps { own.append(try step()) }
            theirs += try peer.time(steps: steps)
        }
        let medians = (Durations(own).quantile(0.5), Durations(theirs).quantile(0.5))
        let ratio = (medians.0.inSeconds / medians.1.inSeconds * 100).rounded() / 100
        print(
            "\(pairs) pairs, \(threads) threads, \(own.count) steps each: likeness \(medians.0.milliseconds), pytorch \(medians.1.milliseconds), ratio \(ratio)"
        )
    }
}
