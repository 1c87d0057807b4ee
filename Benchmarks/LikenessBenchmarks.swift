// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NeuralNet

/// What Likeness claims of its accuracy, speed and robustness, measured through the real daemon.
@main
struct LikenessBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "likeness-benchmarks",
        abstract: "Measures accuracy, speed and robustness of Likeness through its socket.",
        subcommands: [
            AccuracyBenchmark.self, LoadBenchmark.self, EngineBenchmark.self, TrainingStepBenchmark.self,
            OmniglotBenchmark.self,
            RotationBenchmark.self, GallerySizeBenchmark.self, DecodingBenchmark.self, HostileImagesTrial.self,
            HostileMessagesTrial.self, AttackBenchmark.self, CrashTrial.self, ClimbTrial.self, SignatureLeaks.self,
            FormsTrial.self,
            SearchBenchmark.self, BatchBenchmark.self, SignatureStages.self,
        ])

    static func main() async {
        // Some run networks in this process, and are compared with peers that know the processor.
        BLAS.restartWithVectorKernels()
        await main(nil)
    }
}
