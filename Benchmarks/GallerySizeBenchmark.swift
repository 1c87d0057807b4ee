// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonHarness
import Foundation
import LikenessInterface
import ProgramHarness
import Varlink

/// What a gallery costs as it grows.
struct GallerySizeBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gallery-size",
        abstract: "Bytes on disk, memory, start-up time and latency of a daemon, as its gallery grows.",
        discussion: """
            The gallery's identities are made up: random embeddings of length 1, five to an identity, with one real kept picture for all. \
            They are written through the store as an import writes them. What is enrolled, verified and identified in the \
            measurements are photographs, through the socket, one call at a time.
            """)

    @OptionGroup var subject: Subject

    @Option(parsing: .upToNextOption, help: "Identities, growing.")
    var sizes = [1_000, 10_000, 100_000]

    @Option(help: "Samples of each, at most 5.")
    var samples = 5

    @Option(help: "Calls of each kind.")
    var calls = 200

    @Option(help: "Seed of the embeddings.")
    var seed: UInt64 = 1

    func validate() throws {
        guard sizes.allSatisfy({ $0 > 0 }), sizes == sizes.sorted(), (1...5).contains(samples), calls > 0 else {
            throw ValidationError("sizes are above 0 and grow; there are 1 to 5 samples of each, and a call at least")
        }
    }

    func run() async throws {
        let people = try subject.people()
        let daemon = try await subject.startedDaemon()
        let photographs = try people.map { try $0.photographs.map(base64(ofFile:)) }
        try await Self.enroll(people[0].name, photographs[0].prefix(samples), in: daemon)
        guard try await daemon.stop() == 0 else { throw HarnessError("the daemon did not end well:\n\(daemon.log)") }
        var filler = try await GalleryFiller(path: daemon.gallery, model: people[0].name, seed: seed)

        for size in sizes {
            let filled = try await filler.fill(to: size, samples: samples)
            let bytes = try FileManager.default.attributesOfItem(atPath: daemon.gallery)[.size] as? Int ?? 0
            let start = ContinuousClock.now
            try await daemon.start(within: .seconds(300))
            let startUp = ContinuousClock.now - start
            let loaded = try daemon.memory()
            let latency = try await measure(daemon, photographs)
            let peak = try daemon.memory().peak
            let (check, problems) = try await Self.check(daemon)
            guard try await daemon.stop() == 0 else {
                throw HarnessError("the daemon did not end well:\n\(daemon.log)")
            }
            print(
                """
                \(size) × \(samples)
                    written            \(filled.perSecond) identities per second
                    on disk            \(bytes >> 20) MiB, \(bytes / (size * samples)) bytes per sample
                    start-up           \(startUp.milliseconds)
                    resident           \(loaded.resident >> 20) MiB, \(peak >> 20) MiB at the peak
                    enrol              \(Self.text(latency.enroll))
                    verify             \(Self.text(latency.verify))
                    identify           \(Self.text(latency.identify))
                    check              \(check.milliseconds), \(problems) damaged
                """)
            guard problems == 0 else { throw ExitCode.failure }
        }
        print("kept picture       \(filler.keptBytes) bytes a sample")
    }

    private struct Latency {
        var enroll: [Duration] = []
        var verify: [Duration] = []
        var identify: [Duration] = []
    }

    /// One call at a time. What is enrolled is removed again.
    private func measure(_ daemon: Daemon, _ photographs: [[String]]) async throws -> Latency {
        let client = try await daemon.connect()
        var latency = Latency()
        for call in 0..<calls {
            let own = photographs[1 + call % (photographs.count - 1)]
            let name = "measured-\(call)"
            latency.enroll.append(
                try await Self.time {
                    _ = try await client.call(Enroll(identity: name, image: own[0], largest: true))
                })
            latency.verify.append(
                try await Self.time {
                    _ = try await client.call(Verify(identity: name, image: own[1], largest: true))
                })
            latency.identify.append(
                try await Self.time {
                    _ = try await client.call(Identify(image: own[2], largest: true))
                })
            _ = try await client.call(Remove(identity: name))
        }
        await client.close()
        return latency
    }

    private static func enroll(_ name: String, _ images: some Sequence<String>, in daemon: Daemon) async throws {
        let client = try await daemon.connect()
        for image in images {
            _ = try await client.call(Enroll(identity: name, image: image, largest: true))
        }
        await client.close()
    }

    /// The check of every row, and how many are damaged.
    private static func check(_ daemon: Daemon) async throws -> (Duration, Int) {
        let client = try await daemon.connect()
        var damaged = 0
        let duration = try await time {
            for try await reply in try client.stream(CheckGallery()) {
                damaged = reply.damaged
            }
        }
        await client.close()
        return (duration, damaged)
    }

    private static func time(_ work: () async throws -> Void) async throws -> Duration {
        let start = ContinuousClock.now
        try await work()
        return ContinuousClock.now - start
    }

    private static func text(_ durations: [Duration]) -> String {
        let sorted = Durations(durations)
        return "p50 \(sorted.quantile(0.5).milliseconds), p99 \(sorted.quantile(0.99).milliseconds)"
    }
}
