// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonHarness
import Foundation
import LikenessInterface
import ProgramHarness
import Recognition
import Varlink

/// Whether a caller who may only verify can climb to a match: change a picture a little, ask, and keep what came
/// nearer.
struct ClimbTrial: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "climb",
        abstract: "Callers who climb to a match with the role verify alone, against as many blind tries; needs root.",
        discussion: """
            An attacker in Python calls as another user. With the grant “score” the same climbs show that they work. The daemon has its \
            defaults, but that the delays and the rate are off, which cost time and change no number, and that a day is ended by \
            `Unlock`.
            """)

    @OptionGroup var subject: Subject

    @Option(help: "A folder per writer with images in genuine; default: the CEDAR signatures in LIKENESS_SHARED.")
    var signatures: String?

    @Option(help: "Climbs with the grant score, by modality.")
    var controls = 5

    @Option(help: "The most probes of such a climb.")
    var patience = 1500

    @Option(help: "Days in which each victim is tried, by modality.")
    var days = 10

    /// nobody.
    private static let attacker = 65_534

    private static let access = """
        [socket]
        mode = "0666"
        [attempts]
        delay_seconds = 0
        per_minute = 1000000
        [access]
        verify = ["\(attacker)"]

        """

    func run() async throws {
        guard geteuid() == 0 else { throw ValidationError("calling as another user needs root") }
        guard let python = TestEnvironment.python else {
            throw ValidationError("set LIKENESS_PYTHON to a Python with NumPy and Pillow")
        }
        guard let folder = signatures ?? TestEnvironment.shared.map({ $0 + "/data/cedar" }) else {
            throw ValidationError("name a folder with --signatures, or set LIKENESS_SHARED")
        }
        let writers = try Person.all(in: folder, below: "genuine")
        for (kind, people) in [("face", try subject.people()), ("signature", writers)] {
            guard people.count > 10 else { throw ValidationError("more than ten people are needed for \(kind)") }
            try await control(kind, people, python: python)
            try await trial(kind, people, python: python)
        }
    }

    private func started(_ configuration: String) async throws -> Daemon {
        try await subject.startedDaemon(configuration: configuration, withSignatures: true)
    }

    /// Enrols everybody's first three images.
    private func enroll(_ people: [Person], _ kind: String, at daemon: Daemon) async throws {
        let root = try await daemon.connect()
        for person in people {
            for image in person.photographs.prefix(3) {
                _ = try await root.call(
                    Enroll(
                        identity: person.name, image: base64(ofFile: image),
                        modality: kind == "face" ? .face : .signature, largest: true))
            }
        }
        await root.close()
    }

    // MARK: With the grant

    private func control(_ kind: String, _ people: [Person], python: String) async throws {
        let daemon = try await started(Self.access + "score = [\"\(Self.attacker)\"]\n")
        let victims = Array(people.prefix(controls))
        try await enroll(victims, kind, at: daemon)
        let rounds = victims.enumerated().map { place, victim -> Round in
            // Where a climb begins is worth a choice.
            let others = people.filter { $0.name != victim.name }
            return Round(
                identity: victim.name,
                images: (0..<min(10, others.count)).map {
                    others[(controls + 3 * place + $0) % others.count].photographs[0]
                },
                tries: patience)
        }
        let outcomes = try await attack(daemon, Job(kind: kind, climb: true, seed: 1, rounds: rounds), python: python)
        let won = outcomes.filter(\.matched)
        print(
            "\(kind), with the grant score: \(won.count) of \(outcomes.count) climbs matched, after \(won.map(\.tries).sorted()) probes"
        )
        _ = try await daemon.stop()
    }

    // MARK: Without it

    private func trial(_ kind: String, _ people: [Person], python: String) async throws {
        let daemon = try await started(Self.access)
        let victims = people
        try await enroll(victims, kind, at: daemon)
        let root = try await daemon.connect()
        guard
            let limits = try await root.call(Status()).attempts
        else {
            throw HarnessError("the daemon does not tell its limits")
        }
        // A caller has so many victims a day that the limit over all identities is reached.
        let share = max(1, limits.perCaller / limits.perIdentity)
        for climbs in [true, false] {
            var outcomes: [Outcome] = [], rate = 0.0
            for day in 0..<days {
                for (part, begin) in stride(from: 0, to: victims.count, by: share).enumerated() {
                    let rounds = victims[begin..<min(begin + share, victims.count)].enumerated().map { place, victim in
                        // Other people's images, others each day.
                        let others = people.filter { $0.name != victim.name }
                        let images = (0..<limits.perIdentity).map { number -> String in
                            let other = others[(begin + place + 7 * day + number * 3) % others.count]
                            return other.photographs[(3 + day + number) % other.photographs.count]
                        }
                        // A climb that begins with several pictures would have no tries left.
                        return Round(
                            identity: victim.name, images: climbs ? Array(images.prefix(1)) : images,
                            tries: 10 * limits.perIdentity)
                    }
                    outcomes += try await attack(
                        daemon, Job(kind: kind, climb: climbs, seed: 1000 * day + part, rounds: rounds), python: python)
                    _ = try await root.call(Unlock())
                }
            }
            let probe = try base64(ofFile: people[0].photographs[4])
            rate = try await root.call(Verify(identity: victims[0].name, image: probe, largest: true)).operatingPoint
            report(kind, climbs ? "climbs" : "blind tries", outcomes, limits, rate)
        }
        await root.close()
        _ = try await daemon.stop()
    }

    private func report(_ kind: String, _ name: String, _ outcomes: [Outcome], _ limits: WireAttempts, _ rate: Double) {
        let tries = outcomes.map(\.tries).reduce(0, +), matched = outcomes.count(where: \.matched)
        let most = outcomes.map(\.tries).max() ?? 0
        // Two-sided, each end by itself.
        let upper = BinomialInterval.upperBound(events: matched, trials: tries, confidence: 0.975)
        let lower = 1 - BinomialInterval.upperBound(events: tries - matched, trials: tries, confidence: 0.975)
        print(
            "\(kind), \(name): \(matched) of \(outcomes.count) days of a victim matched, \(tries) comparisons, at most \(most) with one victim a day; "
                + "rate \(rate3(Double(matched) / Double(max(1, tries)))) a comparison (95 %: \(rate3(matched == 0 ? 0 : lower))–\(rate3(upper))), "
                + "stated FMR \(rate); N × FMR \(rate3(Double(limits.perIdentity) * rate)) with one identity and day, "
                + "\(rate3(2 * Double(limits.perCaller) * rate)) with all")
        let ends = Dictionary(grouping: outcomes, by: { $0.matched ? "match" : $0.refused ?? "tries at an end" })
            .mapValues(\.count)
        print(
            "    how they ended: \(ends.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))"
        )
    }

    private func rate3(_ value: Double) -> String { String(format: "%.2g", value) }

    // MARK: The attacker

    private struct Round: Encodable {
        let identity: String
        let images: [String]
        let tries: Int
    }

    private struct Job: Encodable {
        let kind: String
        let climb: Bool
        let seed: Int
        let rounds: [Round]
        var socket = ""
        var uid = ClimbTrial.attacker
    }

    private struct Outcome: Decodable {
        let identity: String
        let tries: Int
        let matched: Bool
        let refused: String?
    }

    private func attack(_ daemon: Daemon, _ job: Job, python: String) async throws -> [Outcome] {
        var job = job
        job.socket = daemon.socket
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Tests/Support/python/climb.py").path
        let result = try await Command.run(
            python, [script], input: try JSONEncoder().encode(job), timeout: .seconds(3600))
        guard result.status == 0 else {
            throw HarnessError("the attacker ended with status \(result.status): \(result.errors)")
        }
        return try result.output.split(separator: "\n").map {
            try JSONDecoder().decode(Outcome.self, from: Data($0.utf8))
        }
    }
}
