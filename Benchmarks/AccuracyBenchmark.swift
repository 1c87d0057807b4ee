// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonHarness
import Foundation
import LikenessInterface
import Recognition
import Varlink

/// Genuine and impostor verifications of a set of people (ISO/IEC 19795-1), each a call through the socket.
struct AccuracyBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accuracy",
        abstract:
            "Enrols some photographs of each person and verifies the others against everybody: error rates, failures counted."
    )

    @OptionGroup var subject: Subject

    @Option(help: "Photographs of each person to enrol; the others are probes.")
    var samples = 3

    @Option(help: "Clients that verify at once.")
    var clients = 2

    func run() async throws {
        let people = try subject.people()
        let daemon = try await subject.startedDaemon()
        let enrollment = try await enroll(people, in: daemon)
        let start = ContinuousClock.now
        let outcomes = try await verify(people, in: daemon)
        let seconds = (ContinuousClock.now - start).inSeconds
        let client = try await daemon.connect()
        let models = try await client.call(ListModels()).models
        await client.close()

        for model in models { print("model              \(model.name) \(model.version) (\(model.digest.prefix(12)))") }
        print("people             \(people.count), \(samples) samples each, \(enrollment.enrolled) enrolled")
        print(
            "enrolment failures \(enrollment.failures.count) of \(enrollment.attempts)\(Self.causes(enrollment.failures))"
        )
        let failures = outcomes.compactMap(\.failure)
        print("verifications      \(outcomes.count) in \((seconds * 10).rounded() / 10) s")
        print("failed probes      \(failures.count) of \(outcomes.count) verifications\(Self.causes(failures))")
        report(outcomes)
    }

    /// Prints error rates of the distances, and of the daemon's own answers.
    private func report(_ outcomes: [Outcome]) {
        func distances(_ genuine: Bool) -> [Double] {
            outcomes.filter { $0.isGenuine == genuine }.compactMap(\.reply?.distance)
        }
        func failures(_ genuine: Bool) -> Int { outcomes.count { $0.isGenuine == genuine && $0.reply == nil } }
        let evaluation = Evaluation(
            genuine: distances(true), impostor: distances(false),
            genuineFailures: failures(true), impostorFailures: failures(false))
        print("genuine            \(evaluation.genuine.count) compared, \(evaluation.genuineFailures) failed")
        print("impostor           \(evaluation.impostor.count) compared, \(evaluation.impostorFailures) failed")
        print("EER                \(Self.percent(evaluation.equalErrorRate?.rate))")
        print(
            "EER with failures  \(Self.percent(evaluation.countingFailures.equalErrorRate?.rate)) (a failure never matches)"
        )
        for rate in [1e-1, 1e-2, 1e-3, 1e-4] {
            let point = evaluation.operatingPoint(falseMatchRate: rate)
            print(
                "FNMR at FMR \(rate)".padding(toLength: 19, withPad: " ", startingAt: 0)
                    + "\(Self.percent(evaluation.falseNonMatchRate(at: point.threshold))) "
                    + "(95 % bounds: FNMR \(Self.percent(evaluation.falseNonMatchRateUpperBound(at: point.threshold))), "
                    + "FMR \(Self.percent(point.upperBound)))")
        }
        for genuine in [true, false] {
            let results = outcomes.filter { $0.isGenuine == genuine }.compactMap(\.reply?.result)
            let counts = [WireResult.match, .noMatch, .inconclusive].map { result in
                "\(results.count { $0 == result }) \(result.rawValue)"
            }
            print("answers, \(genuine ? "genuine " : "impostor") \(counts.joined(separator: ", "))")
        }
    }

    private struct Enrollment {
        /// People with a sample at least.
        var enrolled = 0
        var attempts = 0
        var failures: [String] = []
    }

    private func enroll(_ people: [Person], in daemon: Daemon) async throws -> Enrollment {
        let client = try await daemon.connect()
        var enrollment = Enrollment()
        for person in people {
            var enrolled = false
            for photograph in person.photographs.prefix(samples) {
                enrollment.attempts += 1
                do {
                    _ = try await client.call(
                        Enroll(
                            identity: person.name, image: base64(ofFile: photograph), largest: true))
                    enrolled = true
                } catch let error as VarlinkError {
                    enrollment.failures.append(Self.shortName(error))
                }
            }
            if enrolled { enrollment.enrolled += 1 }
        }
        await client.close()
        return enrollment
    }

    private struct Outcome: Sendable {
        let isGenuine: Bool
        let reply: Verify.Reply?
        let failure: String?
    }

    /// Every remaining photograph against every identity. One that could not be enrolled is a failure for each.
    private func verify(_ people: [Person], in daemon: Daemon) async throws -> [Outcome] {
        let identities = people.map(\.name)
        let probes = people.flatMap { person in
            person.photographs.dropFirst(samples).map { (person: person.name, photograph: $0) }
        }
        return try await withThrowingTaskGroup(of: [Outcome].self) { group in
            for share in 0..<clients {
                let own = stride(from: share, to: probes.count, by: clients).map { probes[$0] }
                group.addTask { [socket = daemon.socket] in
                    let client = try await VarlinkClient.connect(unixPath: socket)
                    var outcomes: [Outcome] = []
                    for probe in own {
                        let image = try base64(ofFile: probe.photograph)
                        for identity in identities {
                            outcomes.append(
                                try await Self.verify(
                                    image, against: identity, isGenuine: identity == probe.person, client))
                        }
                    }
                    await client.close()
                    return outcomes
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private static func verify(
        _ image: String, against identity: String, isGenuine: Bool, _ client: VarlinkClient
    ) async throws -> Outcome {
        do {
            let reply = try await client.call(Verify(identity: identity, image: image, largest: true))
            return Outcome(isGenuine: isGenuine, reply: reply, failure: nil)
        } catch let error as VarlinkError {
            return Outcome(isGenuine: isGenuine, reply: nil, failure: shortName(error))
        }
    }

    private static func shortName(_ error: VarlinkError) -> String {
        error.name.split(separator: ".").last.map(String.init) ?? error.name
    }

    /// How often each cause occurs, in brackets.
    private static func causes(_ failures: [String]) -> String {
        let counts = Dictionary(grouping: failures) { $0 }.mapValues(\.count).sorted { $0.key < $1.key }
        return counts.isEmpty ? "" : " (" + counts.map { "\($0.value) \($0.key)" }.joined(separator: ", ") + ")"
    }

    private static func percent(_ rate: Double?) -> String {
        rate.map { "\(($0 * 100_000).rounded() / 1000) %" } ?? "unknown"
    }
}
