// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonHarness
import Foundation
import LikenessInterface
import ProgramHarness
import Varlink

/// SIGKILL in the midst of enrolments.
struct CrashTrial: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash",
        abstract: "kill -9 of the daemon in the midst of enrolments: what was acknowledged is there, nothing by halves."
    )

    @OptionGroup var subject: Subject

    @Option(help: "How often the daemon is killed.")
    var rounds = 50

    @Option(help: "Seed of the moments at which it is killed.")
    var seed: UInt64 = 1

    func run() async throws {
        let people = try subject.people()
        let daemon = try await subject.startedDaemon()
        let images = try people.flatMap { try $0.photographs.prefix(2).map(base64(ofFile:)) }
        var generator = SeededGenerator(seed: seed)
        // Samples acknowledged, and sent without an answer, by identity.
        var acknowledged: [String: Set<Int>] = [:]
        var unanswered: [String: Int] = [:]
        var inFlightAtKill = 0

        for round in 0..<rounds {
            let client = try await daemon.connect()
            let delay = Duration.milliseconds(Int.random(in: 5...400, using: &generator))
            let killer = Task { [process = daemon.processIdentifier] in
                try await Task.sleep(for: delay)
                if let process { kill(process, SIGKILL) }
            }
            for number in 0... {
                let identity = "round-\(round)-\(number / 3)"
                do {
                    let reply = try await client.call(
                        Enroll(identity: identity, image: images[(round + number) % images.count]))
                    acknowledged[identity, default: []].insert(reply.sample)
                } catch let error as VarlinkError {
                    // A photograph that cannot be enrolled; the daemon answered.
                    guard error.name.hasPrefix(InterfaceNames.verification) else { throw error }
                } catch {
                    unanswered[identity, default: 0] += 1
                    inFlightAtKill += 1
                    break
                }
            }
            try await killer.value
            try daemon.kill()
            await client.close()
            try await daemon.start()
            try await Self.check(daemon, acknowledged: acknowledged, unanswered: unanswered)
        }
        let total = acknowledged.values.reduce(0) { $0 + $1.count }
        print("killed             \(rounds) times, \(inFlightAtKill) of them with an enrolment in flight")
        print("acknowledged       \(total) samples of \(acknowledged.count) identities")
        print("lost               0")
        print("half enrolments    0")
    }

    /// - Throws: when an acknowledged sample is missing, or one is there that nobody sent, or an identity has none.
    private static func check(
        _ daemon: Daemon, acknowledged: [String: Set<Int>], unanswered: [String: Int]
    ) async throws {
        let client = try await daemon.connect()
        let listed = try await client.call(List())
            .identities
        let present = Dictionary(uniqueKeysWithValues: listed.map { ($0.name, $0.samples) })
        for (identity, samples) in acknowledged {
            guard present[identity] != nil else { throw HarnessError("\(identity) was acknowledged and is lost") }
            let described = try await client.call(Describe(identity: identity))
            let numbers = Set(described.samples.map(\.number))
            guard samples.isSubset(of: numbers) else {
                throw HarnessError("\(identity) lost the samples \(samples.subtracting(numbers).sorted())")
            }
            guard numbers.count <= samples.count + unanswered[identity, default: 0] else {
                throw HarnessError("\(identity) has samples that nobody sent: \(numbers.subtracting(samples).sorted())")
            }
        }
        for (identity, samples) in present where acknowledged[identity] == nil {
            guard samples > 0, unanswered[identity, default: 0] >= samples else {
                throw HarnessError("\(identity) has \(samples) samples, of which none was acknowledged")
            }
        }
        await client.close()
    }
}
