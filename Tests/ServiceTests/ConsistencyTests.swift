// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import LikenessInterface
import ProgramHarness
import Recognition
import Service
import Testing
import Varlink

/// Memory and store, under many callers at once, against what they should hold.
@Suite struct ConsistencyTests {
    private let model: PixelModel

    init() throws {
        model = try PixelModel()
    }

    /// What one caller knows of its own identities.
    private struct Oracle {
        var samples: [String: [(number: Int, person: Int, picture: Int)]] = [:]
        var nextNumber: [String: Int] = [:]
    }

    @Test(arguments: [ServiceConfiguration.DistanceRule.mean, .minimum])
    func `many callers enrolling, removing and verifying at once each see just what they did`(
        _ rule: ServiceConfiguration.DistanceRule
    ) async throws {
        let file = try GalleryFile()
        var answers: [String: (distance: Double, samples: Int)] = [:]
        try await TestServer.run([model], gallery: file, configure: { $0.rule = rule }) { server in
            let oracles = try await withThrowingTaskGroup(of: Oracle.self) { group in
                for caller in 0..<6 {
                    group.addTask { try await act(as: caller, on: server.connect(), rule: rule) }
                }
                return try await group.reduce(into: [Oracle]()) { $0.append($1) }
            }
            let caller = try await server.connect()
            let expected = oracles.flatMap(\.samples).map { "\($0.key): \($0.value.map(\.number))" }.sorted()
            var found: [String] = []
            for identity in try await caller.list().identities {
                found.append("\(identity.name): \(try await caller.describe(identity.name).samples.map(\.number))")
                let reply = try await caller.verify(identity.name, Pictures.base64(person: 7, picture: 3))
                answers[identity.name] = (try reply.numbers.distance, identity.samples)
            }
            #expect(found.sorted() == expected)
            #expect(!found.isEmpty)
        }
        // Started again on the same gallery, it answers the same.
        try await TestServer.run([model], gallery: file, configure: { $0.rule = rule }) { server in
            let caller = try await server.connect()
            let probe = try Pictures.base64(person: 7, picture: 3)
            for (name, answer) in answers { #expect(try await caller.verify(name, probe).distance == answer.distance) }
            let candidates = try await caller.identify(probe, limit: 100).candidates
            let nearest = answers.map { ($0.value.distance, $0.key) }.sorted { $0 < $1 }
            #expect(candidates.map(\.identity) == nearest.map(\.1))
            #expect(candidates.map(\.distance) == nearest.map(\.0))
        }
    }

    /// Does 40 things, checks each answer, and returns what should be left.
    private func act(as number: Int, on caller: Caller, rule: ServiceConfiguration.DistanceRule) async throws -> Oracle
    {
        var generator = SeededGenerator(seed: UInt64(number) &+ 77)
        var oracle = Oracle()
        for step in 0..<40 {
            let name = "caller \(number) identity \(Int.random(in: 0..<3, using: &generator))"
            let person = Int.random(in: 0..<10, using: &generator), picture = step
            let samples = oracle.samples[name] ?? []
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5 where samples.count == 5:
                let error = try await errorReply {
                    try await caller.enroll(name, Pictures.base64(person: person, picture: picture))
                }
                #expect(error.shortName == "TooManySamples")
            case 0..<5:
                let reply = try await caller.enroll(name, Pictures.base64(person: person, picture: picture))
                // An identity that is made anew counts anew.
                let next = samples.isEmpty ? 1 : oracle.nextNumber[name] ?? 1
                #expect(reply.sample == next)
                #expect(reply.samples == samples.count + 1)
                oracle.samples[name] = samples + [(next, person, picture)]
                oracle.nextNumber[name] = next + 1
            case 5..<7 where samples.isEmpty:
                #expect(try await errorReply { try await caller.remove(name) }.shortName == "NoSuchIdentity")
            case 5:
                let victim = samples[Int.random(in: 0..<samples.count, using: &generator)].number
                #expect(try await caller.remove(name, sample: victim).remaining == samples.count - 1)
                let left = samples.filter { $0.number != victim }
                oracle.samples[name] = left.isEmpty ? nil : left
            case 6 where step % 3 == 0:
                #expect(try await caller.remove(name).removed == samples.count)
                oracle.samples[name] = nil
            default:
                let probe = Pictures.image(person: person, picture: 1000 + step)
                guard !samples.isEmpty else {
                    #expect(
                        try await errorReply { try await caller.verify(name, Pictures.base64(probe)) }.shortName
                            == "NoSuchIdentity")
                    continue
                }
                let vectors = try samples.map {
                    try model.embedding(of: Pictures.image(person: $0.person, picture: $0.picture))
                }
                let reference = try IdentityReference(
                    samples: vectors, rule: rule == .mean ? .normalizedMean : .minimum)
                let distance = try reference.distance(to: model.embedding(of: probe))
                #expect(try await caller.verify(name, Pictures.base64(probe)).distance == distance)
            }
        }
        return oracle
    }

    @Test func `callers who enrol one identity at once fill it and no more`() async throws {
        try await TestServer.run([model]) { server in
            let results = await withTaskGroup(of: (Int, Result<Int, any Error>).self) { group in
                for picture in 0..<9 {
                    group.addTask {
                        do {
                            let reply = try await server.connect().enroll(
                                "alice", Pictures.base64(person: 1, picture: picture))
                            return (picture, .success(reply.sample))
                        } catch {
                            return (picture, .failure(error))
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            var enrolled: [(number: Int, picture: Int)] = []
            for (picture, result) in results {
                switch result {
                case .success(let number): enrolled.append((number, picture))
                case .failure(let error): #expect((error as? VarlinkError)?.shortName == "TooManySamples")
                }
            }
            #expect(enrolled.map(\.number).sorted() == [1, 2, 3, 4, 5])
            let vectors = try enrolled.sorted { $0.number < $1.number }
                .map { try model.embedding(of: Pictures.image(person: 1, picture: $0.picture)) }
            let probe = Pictures.image(person: 1, picture: 50)
            let expected = try IdentityReference(samples: vectors, rule: .normalizedMean).distance(
                to: model.embedding(of: probe))
            #expect(try await server.connect().verify("alice", Pictures.base64(probe)).distance == expected)
        }
    }

    @Test func `an identification amid changes always sees whole identities`() async throws {
        try await TestServer.run([model]) { server in
            let steady = try await server.connect()
            _ = try await steady.enroll("steady", Pictures.base64(person: 1))
            let expected = try await steady.verify("steady", Pictures.base64(person: 1, picture: 1)).distance
            try await withThrowingTaskGroup(of: Void.self) { group in
                for changer in 2..<5 {
                    group.addTask {
                        let caller = try await server.connect()
                        for round in 0..<10 {
                            _ = try await caller.enroll(
                                "fleeting \(changer)", Pictures.base64(person: changer, picture: round))
                            _ = try await caller.remove("fleeting \(changer)")
                        }
                    }
                }
                for _ in 0..<2 {
                    group.addTask {
                        let caller = try await server.connect()
                        for _ in 0..<20 {
                            let reply = try await caller.identify(Pictures.base64(person: 1, picture: 1))
                            #expect(
                                reply.candidates.first
                                    == WireCandidate(
                                        identity: "steady", distance: expected,
                                        score: reply.candidates.first?.score ?? -1))
                            #expect(Set(reply.candidates.map(\.identity)).count == reply.candidates.count)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await steady.list().identities.map(\.name) == ["steady"])
        }
    }
}
