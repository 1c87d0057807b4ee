// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import LikenessInterface
import ProgramHarness
import Varlink

/// Damaged, lying and costly image files through the real socket.
struct HostileImagesTrial: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hostile",
        abstract: "Mutated images through verify: every one an answer or a typed error, memory bounded.")

    @OptionGroup var subject: Subject

    @Option(help: "How many mutated files.")
    var count = 200

    @Option(help: "Seed of the mutations.")
    var seed: UInt64 = 1

    @Option(help: "JPEG files to mutate beside the PNG files of the people.")
    var jpeg: [String] = []

    func run() async throws {
        let people = try subject.people()
        let daemon = try await subject.startedDaemon()
        let client = try await daemon.connect()
        let person = people[0]
        _ = try await client.call(Enroll(identity: person.name, image: base64(ofFile: person.photographs[0])))
        let before = try daemon.memory()

        let originals = try (person.photographs.prefix(4) + jpeg).map {
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0)))
        }
        var generator = SeededGenerator(seed: seed)
        var outcomes: [String: Int] = [:]
        var slowest: [ImageMutation: Duration] = [:]
        for number in 0..<count {
            let mutation = ImageMutation.allCases[number % ImageMutation.allCases.count]
            let image = mutation.applied(
                to: originals[number / ImageMutation.allCases.count % originals.count], using: &generator)
            let start = ContinuousClock.now
            let outcome: String
            do {
                let reply = try await client.call(
                    Verify(identity: person.name, image: Data(image).base64EncodedString()))
                outcome = "answer: \(reply.result.rawValue)"
            } catch let error as VarlinkError {
                guard error.name.hasPrefix(InterfaceNames.verification), !error.name.hasSuffix(".Internal") else {
                    throw HarnessError("file \(number) (\(mutation.rawValue)) gave \(error)")
                }
                let cause = error.parameters["cause"]?.stringValue.map { " (\($0))" } ?? ""
                outcome = "error: \(error.name.split(separator: ".").last ?? "")\(cause)"
            }
            slowest[mutation] = max(slowest[mutation] ?? .zero, ContinuousClock.now - start)
            outcomes["\(mutation.rawValue): \(outcome)", default: 0] += 1
        }
        let after = try daemon.memory()
        await client.close()
        for (outcome, times) in outcomes.sorted(by: { $0.key < $1.key }) { print("\(times)\t\(outcome)") }
        print("files              \(count)")
        print("slowest answer     \((slowest.values.max() ?? .zero).milliseconds)")
        for (mutation, time) in slowest.sorted(by: { $0.value > $1.value }) {
            print("  \(time.milliseconds)\t\(mutation.rawValue)")
        }
        print("memory before      \(before.resident >> 20) MiB")
        print("peak memory        \(after.peak >> 20) MiB")
        print("daemon             \(daemon.isRunning ? "alive" : "DEAD")")
        if !daemon.isRunning { throw ExitCode.failure }
    }
}
