// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Imaging
import NeuralNet
import Recognition

/// What each stage of a verification of a signature takes, on one thread.
struct SignatureStages: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stages",
        abstract:
            "The time of each stage of a signature's verification on one thread, memory at its peak, and the package's size."
    )

    @OptionGroup var options: SignatureModelOptions

    @Option(help: "The most pictures of each set.")
    var images = 60

    @Option(help: "How often each picture is gone through; the first time is not counted.")
    var turns = 5

    private static let stages = ["read and decode", "prepare", "embed", "together"]

    func run() async throws {
        guard images > 0, turns > 0 else { throw ValidationError("every number has to be above 0") }
        BLAS.useSingleThread()
        let package = try options.package()
        let session: RecognizerSession = try Recognizer(package: package).makeSession()
        print(
            "\(package.manifest.name) \(package.manifest.version): \(package.files.values.reduce(0) { $0 + $1.count }) bytes of files"
        )
        for set in options.sets { try measure(set, session) }
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        if let peak = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM") }) {
            print(
                "resident at its peak, with these pictures: \(peak.dropFirst(6).trimmingCharacters(in: .whitespaces))")
        }
    }

    private func measure(_ set: String, _ session: RecognizerSession) throws {
        let paths = try Person.all(in: set, below: "genuine").flatMap(\.photographs)
        // From all writers, and not the first alone.
        let chosen = stride(from: 0, to: paths.count, by: max(1, paths.count / images)).prefix(images).map { paths[$0] }
        var times: [[Duration]] = Self.stages.map { _ in [] }, pixels: [Int] = []
        // A session knows the picture that it embedded last: none comes twice in a row.
        for turn in 0...turns {
            for path in chosen {
                let start = ContinuousClock.now
                let image = try RGBImage(decoding: [UInt8](Data(contentsOf: URL(filePath: path))))
                let decoded = ContinuousClock.now
                let sample = try session.prepare(image)
                let prepared = ContinuousClock.now
                guard sample.isAcceptable else { continue }
                _ = try session.embed([sample])
                let embedded = ContinuousClock.now
                if turn == 0 {
                    pixels.append(image.width * image.height)
                    continue
                }
                for (stage, time) in [decoded - start, prepared - decoded, embedded - prepared, embedded - start]
                    .enumerated()
                {
                    times[stage].append(time)
                }
            }
        }
        guard pixels.count > 1 else { throw ValidationError("\(set) has no two signatures that are taken") }
        print(
            "\((set as NSString).lastPathComponent): \(pixels.count) pictures of \(pixels.sorted()[pixels.count / 2]) pixels (median), \(turns) turns"
        )
        for (name, stage) in zip(Self.stages, times) {
            let durations = Durations(stage)
            print(
                "  \(name.padding(toLength: 18, withPad: " ", startingAt: 0))median \(durations.quantile(0.5).milliseconds), p95 \(durations.quantile(0.95).milliseconds)"
            )
        }
    }
}
