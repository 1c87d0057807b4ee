// SPDX-License-Identifier: Apache-2.0

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
        var probes: [VerificationLoad.Probe] = []
        for person in people {
            for photograph in person.photographs.prefix(3) {
                _ = try await setUp.call(Enroll(identity: person.name, image: base64(ofFile: photograph)))
            }
            for photograph in person.photographs.dropFirst(3) {
                probes.append(VerificationLoad.Probe(identity: person.name, image: try base64(ofFile: photograph)))
            }
        }
        await setUp.close()

        let outcome = try await VerificationLoad(probes: probes, clients: clients, socket: daemon.socket).run(
            for: .seconds(seconds))
        let durations = outcome.durations
        let memory = try daemon.memory()
        print("clients            \(clients)")
        print("seconds            \((outcome.elapsed.inSeconds * 10).rounded() / 10)")
        print("verifications      \(durations.count)")
        print("per second         \(outcome.perSecond)")
        print("latency p50        \(durations.quantile(0.5).milliseconds)")
        print("latency p99        \(durations.quantile(0.99).milliseconds)")
        print("peak memory        \(memory.peak >> 20) MiB")
        print("errors             \(outcome.errors.count)")
        for error in Set(outcome.errors).sorted().prefix(5) { print("    \(error)") }
        if !outcome.errors.isEmpty || durations.count == 0 { throw ExitCode.failure }
    }
}
