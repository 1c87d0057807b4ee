// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import LikenessInterface
import Varlink

/// Clients that verify at once, each on a connection of its own.
struct VerificationLoad: Sendable {
    struct Probe: Sendable {
        let identity: String
        /// A file in Base64.
        let image: String
    }

    struct Answer: Sendable {
        /// Which probe it is to.
        let probe: Int
        let generation: Int
        let distance: Double
        let duration: Duration
    }

    struct Outcome: Sendable {
        var answers: [Answer] = []
        var errors: [String] = []
        var elapsed = Duration.zero

        var durations: Durations { Durations(answers.map(\.duration)) }
        var perSecond: Double { elapsed == .zero ? 0 : (Double(answers.count) / elapsed.inSeconds * 10).rounded() / 10 }
    }

    let probes: [Probe]
    let clients: Int
    let socket: String
    /// Between an answer and the next verification; with none a client is as fast as it is answered.
    var pause = Duration.zero

    func run(for duration: Duration) async throws -> Outcome {
        let deadline = ContinuousClock.now.advanced(by: duration)
        return try await run { ContinuousClock.now < deadline }
    }

    /// - Parameter goesOn: asked before each verification.
    func run(while goesOn: @escaping @Sendable () -> Bool) async throws -> Outcome {
        let start = ContinuousClock.now
        var outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
            for client in 0..<clients {
                group.addTask { try await verify(from: client, while: goesOn) }
            }
            return try await group.reduce(into: Outcome()) {
                $0.answers += $1.answers
                $0.errors += $1.errors
            }
        }
        outcome.elapsed = ContinuousClock.now - start
        return outcome
    }

    private func verify(from offset: Int, while goesOn: @Sendable () -> Bool) async throws -> Outcome {
        let client = try await VarlinkClient.connect(unixPath: socket)
        var outcome = Outcome()
        var next = offset * 7
        while goesOn() {
            let probe = next % probes.count
            next += 1
            let start = ContinuousClock.now
            do {
                let reply = try await client.call(Verify(identity: probes[probe].identity, image: probes[probe].image))
                guard let distance = reply.distance else {
                    outcome.errors.append("the reply holds no distance: this user has not the grant score")
                    break
                }
                outcome.answers.append(
                    Answer(
                        probe: probe, generation: reply.generation, distance: distance,
                        duration: ContinuousClock.now - start))
            } catch {
                outcome.errors.append("\(error)")
            }
            if pause > .zero { try await Task.sleep(for: pause) }
        }
        await client.close()
        return outcome
    }
}
