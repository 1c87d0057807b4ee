// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonHarness
import Foundation
import LikenessInterface
import ProgramHarness
import Synchronization
import Varlink

/// A gallery taken from one model to another while clients verify.
struct RotationBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotation",
        abstract:
            "Rotates a gallery to another model while clients verify: errors, wrong answers, latency before and meanwhile, time."
    )

    @OptionGroup var subject: Subject

    @Option(
        help:
            "The package of the model to rotate to; default: MobileFaceNet with YuNet, imported for this run from LIKENESS_SHARED."
    )
    var to: String?

    @Option(help: "Identities in the gallery.")
    var identities = 10_000

    @Option(help: "Samples of each, at most 5.")
    var samples = 3

    @Option(help: "Clients that verify at once.")
    var clients = 4

    @Option(
        help:
            "Milliseconds that a client waits between two verifications; without it the clients are as fast as they are answered."
    )
    var pause = 0

    @Option(help: "Seconds of rest after the gallery is filled.")
    var rest = 0

    @Option(help: "Seconds that are measured before the rotation, and after it.")
    var seconds = 60

    func validate() throws {
        guard identities > 0, (1...5).contains(samples), clients > 0, seconds > 0, pause >= 0, rest >= 0 else {
            throw ValidationError(
                "there must be an identity, 1 to 5 samples of each, a client and a second, and no pause or rest below 0"
            )
        }
    }

    func run() async throws {
        let faces = try FaceVariants(try subject.people())
        let daemon = try await subject.startedDaemon()
        let enrollment = try await enroll(faces, in: daemon)
        let load = VerificationLoad(
            probes: enrollment.probes, clients: clients, socket: daemon.socket, pause: .milliseconds(pause))
        print(
            "gallery            \(identities) identities × \(samples) samples, enrolled at \(enrollment.perSecond) per second, "
                + "\(enrollment.refused) pictures refused, \(galleryBytes(daemon) >> 20) MiB")
        try await Task.sleep(for: .seconds(rest))
        let before = try await load.run(for: .seconds(seconds))
        report("before", before)

        let model = try addModel(to: subject.modelFolder(of: daemon))
        let (rotation, duration, during) = try await rotate(daemon, to: model, under: load)
        report("meanwhile", during)
        print("rotation           \(rotation.phase.rawValue) after \(seconds(duration)) s: \(rotation.message)")
        if let separation = rotation.report {
            print(
                "report             \(separation.samples) samples, \(separation.refused) refused; EER on the gallery itself "
                    + "\(percent(separation.before)) → \(percent(separation.after))")
        }
        let after = try await load.run(for: .seconds(seconds))
        report("after", after)

        let client = try await daemon.connect()
        let start = ContinuousClock.now
        _ = try await client.call(Rollback())
        print("rollback           \((ContinuousClock.now - start).milliseconds)")
        await client.close()
        let restored = try await load.run(for: .seconds(seconds))
        report("rolled back", restored)

        let all = [before, during, after, restored]
        let ratio = during.durations.quantile(0.99) / before.durations.quantile(0.99)
        let (wrong, difference) = Self.contradictions(all.flatMap(\.answers)), errors = all.flatMap(\.errors)
        print("p99 ratio          \((ratio * 100).rounded() / 100) (meanwhile to before)")
        print(
            "contradictions     \(wrong) answers to the same probe by the same generation differ; largest difference \(difference)"
        )
        print("errors             \(errors.count)")
        for error in Set(errors).sorted().prefix(5) { print("    \(error)") }
        print("peak memory        \(try daemon.memory().peak >> 20) MiB")
        if !errors.isEmpty || wrong > 0 || rotation.phase != .activated { throw ExitCode.failure }
    }

    /// Puts the other model beside the first; returns the name of its folder.
    private func addModel(to folder: String) throws -> String {
        guard let to else { return (try FaceModels.importMobileFaceNet(into: folder) as NSString).lastPathComponent }
        let name = URL(fileURLWithPath: to).lastPathComponent
        try FileManager.default.copyItem(atPath: to, toPath: folder + "/" + name)
        return name
    }

    private struct Enrollment {
        var probes: [VerificationLoad.Probe]
        var refused: Int
        var perSecond: Int
    }

    /// Enrols every identity through the socket; a picture that the model refuses is replaced by the next of the
    /// person.
    private func enroll(_ faces: FaceVariants, in daemon: Daemon) async throws -> Enrollment {
        let start = ContinuousClock.now
        let shares = 8
        let parts = try await withThrowingTaskGroup(of: (refused: Int, probes: [VerificationLoad.Probe]).self) {
            group in
            for share in 0..<shares {
                group.addTask { [socket = daemon.socket, identities] in
                    let client = try await VarlinkClient.connect(unixPath: socket)
                    var refused = 0, probes: [VerificationLoad.Probe] = []
                    for identity in stride(from: share, to: identities, by: shares) {
                        let next = try await enroll(identity, of: faces, over: client, &refused)
                        // A few hundred are enough to meet every state of the gallery.
                        guard identity % max(1, identities / 200) == 0 else { continue }
                        probes.append(
                            VerificationLoad.Probe(
                                identity: FaceVariants.name(identity),
                                image: try faces.base64(identity: identity, picture: next)))
                    }
                    await client.close()
                    return (refused, probes)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let elapsed = (ContinuousClock.now - start).inSeconds
        return Enrollment(
            probes: parts.flatMap(\.probes), refused: parts.reduce(0) { $0 + $1.refused },
            perSecond: Int(Double(identities * samples) / elapsed))
    }

    /// Returns the number of the first picture that was not needed.
    private func enroll(
        _ identity: Int, of faces: FaceVariants, over client: VarlinkClient, _ refused: inout Int
    ) async throws -> Int {
        var enrolled = 0
        for picture in 0..<faces.pictures {
            if enrolled == samples { return picture }
            do {
                _ = try await client.call(
                    Enroll(
                        identity: FaceVariants.name(identity),
                        image: faces.base64(identity: identity, picture: picture), largest: true))
                enrolled += 1
            } catch let error as VarlinkError where error.name.hasPrefix(InterfaceNames.verification) {
                refused += 1
            }
        }
        guard enrolled == samples else {
            throw HarnessError(
                "\(FaceVariants.name(identity)) has \(enrolled) pictures that the model takes, and \(samples) are needed"
            )
        }
        return faces.pictures
    }

    /// Verifies from before the rotation begins until it has ended.
    private func rotate(
        _ daemon: Daemon, to model: String, under load: VerificationLoad
    ) async throws -> (rotation: WireRotation, duration: Duration, load: VerificationLoad.Outcome) {
        let client = try await daemon.connect()
        let rotates = Mutex(true)
        async let verified = load.run { rotates.withLock { $0 } }
        defer { rotates.withLock { $0 = false } }
        let start = ContinuousClock.now
        var last: WireRotation?
        for try await reply in try client.stream(RotateModel(model: model, maxDrop: 1)) {
            last = reply.rotation
        }
        let duration = ContinuousClock.now - start
        rotates.withLock { $0 = false }
        await client.close()
        guard let last else { throw HarnessError("the rotation told nothing") }
        return (last, duration, try await verified)
    }

    private func report(_ title: String, _ outcome: VerificationLoad.Outcome) {
        let durations = outcome.durations
        let generations = Set(outcome.answers.map(\.generation)).sorted().map { generation in
            "\(outcome.answers.count { $0.generation == generation }) by generation \(generation)"
        }
        print(
            title.padding(toLength: 19, withPad: " ", startingAt: 0)
                + "p50 \(durations.quantile(0.5).milliseconds), p99 \(durations.quantile(0.99).milliseconds), "
                + "longest \(durations.quantile(1).milliseconds), \(outcome.perSecond) per second; \(generations.joined(separator: ", "))"
        )
    }

    /// How many answers differ from the first to the same probe by the same generation by more than the sums of a batch
    /// of another size, and the largest difference.
    private static func contradictions(_ answers: [VerificationLoad.Answer]) -> (count: Int, largest: Double) {
        struct Question: Hashable {
            let probe: Int
            let generation: Int
        }
        var first: [Question: Double] = [:], count = 0, largest = 0.0
        for answer in answers {
            let question = Question(probe: answer.probe, generation: answer.generation)
            let difference = abs(first[question, default: answer.distance] - answer.distance)
            if difference > 1e-5 { count += 1 }
            largest = max(largest, difference)
            first[question] = first[question] ?? answer.distance
        }
        return (count, largest)
    }

    private func galleryBytes(_ daemon: Daemon) -> Int {
        ["", "-wal"].reduce(0) { sum, suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: daemon.gallery + suffix)
            return sum + (attributes?[.size] as? Int ?? 0)
        }
    }

    private func seconds(_ duration: Duration) -> Double { (duration.inSeconds * 10).rounded() / 10 }

    private func percent(_ separation: WireSeparation) -> String {
        separation.equalErrorRate.map { "\(($0 * 1e4).rounded() / 100) %" } ?? "unknown"
    }
}
