import ArgumentParser
import DaemonHarness
import Foundation
import LikenessInterface
import Varlink

/// Several clients verifying at once.
struct LoadBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Clients that verify at once: throughput, latency and errors.")

    @OptionGroup var subject: Subject

    @Option(help: "Clients at once.")
    var clients = 8

    @Option(help: "Seconds to go on for.")
    var seconds = 30

    func run() async throws {
        let people = try subject.people().prefix(10)
        let daemon = try await subject.startedDaemon()
        let setUp = try await daemon.connect()
        var probes: [Probe] = []
        for person in people {
            for photograph in person.photographs.prefix(3) {
                _ = try await setUp.call(
                    EnrollMethod.name, EnrollMethod.Parameters(identity: person.name, image: base64(ofFile: photograph)),
                    returning: EnrollMethod.Reply.self)
            }
            for photograph in person.photographs.dropFirst(3) {
                probes.append(Probe(identity: person.name, image: try base64(ofFile: photograph)))
            }
        }
        await setUp.close()

        let shared = probes
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        let start = ContinuousClock.now
        let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
            for client in 0..<clients {
                group.addTask { [daemonSocket = daemon.socket] in
                    try await Self.verify(shared, from: client, socket: daemonSocket, until: deadline)
                }
            }
            return try await group.reduce(into: [Outcome]()) { $0.append($1) }
        }
        let elapsed = (ContinuousClock.now - start).inSeconds
        let durations = Durations(outcomes.flatMap(\.durations))
        let errors = outcomes.flatMap(\.errors)
        let memory = try daemon.memory()
        print("clients            \(clients)")
        print("seconds            \((elapsed * 10).rounded() / 10)")
        print("verifications      \(durations.count)")
        print("per second         \((Double(durations.count) / elapsed * 10).rounded() / 10)")
        print("latency p50        \(durations.quantile(0.5).milliseconds)")
        print("latency p99        \(durations.quantile(0.99).milliseconds)")
        print("peak memory        \(memory.peak >> 20) MiB")
        print("errors             \(errors.count)")
        for error in Set(errors).sorted().prefix(5) { print("    \(error)") }
        if !errors.isEmpty || durations.count == 0 { throw ExitCode.failure }
    }

    private struct Probe: Sendable {
        let identity: String
        let image: String
    }

    private struct Outcome: Sendable {
        var durations: [Duration] = []
        var errors: [String] = []
    }

    private static func verify(
        _ probes: [Probe], from offset: Int, socket: String, until deadline: ContinuousClock.Instant
    ) async throws -> Outcome {
        let client = try await VarlinkClient.connect(unixPath: socket)
        var outcome = Outcome()
        var next = offset * 7
        while ContinuousClock.now < deadline {
            let probe = probes[next % probes.count]
            next += 1
            let start = ContinuousClock.now
            do {
                _ = try await client.call(
                    VerifyMethod.name, VerifyMethod.Parameters(identity: probe.identity, image: probe.image),
                    returning: VerifyMethod.Reply.self)
                outcome.durations.append(ContinuousClock.now - start)
            } catch {
                outcome.errors.append("\(error)")
            }
        }
        await client.close()
        return outcome
    }
}
