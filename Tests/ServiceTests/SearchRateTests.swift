// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import LikenessInterface
import Service
import Testing
import Varlink

/// What a search states of strangers, and what it can be asked for.
@Suite struct SearchRateTests {
    private let model: PixelModel

    init() throws {
        model = try PixelModel()
    }

    private func run(
        enrolled: Int, samples: Int = 1, configure: (inout ServiceConfiguration) -> Void = { _ in },
        _ body: (Caller, TestServer) async throws -> Void
    ) async throws {
        try await TestServer.run([model], configure: configure) { server in
            let caller = try await server.connect()
            for person in 0..<enrolled {
                for picture in 0..<samples {
                    _ = try await caller.enroll("person \(person)", Pictures.base64(person: person, picture: picture))
                }
            }
            try await body(caller, server)
        }
    }

    private func identify(_ caller: Caller, fpir: Double?, fmr: Double? = nil) async throws -> Identify.Reply {
        try await caller.client.call(
            Identify(image: Pictures.base64(person: 3, picture: 9), operatingPoint: fmr, identificationRate: fpir))
    }

    @Test func `an identification states how often a stranger is taken for one of those who are enrolled`() async throws
    {
        try await run(enrolled: 20, samples: 2) { caller, _ in
            let rate = try #require(try await identify(caller, fpir: nil).falsePositiveIdentification)
            #expect(rate.references == 20)
            #expect(abs(rate.rate - (1 - pow(0.999, 20))) < 1e-12)
            #expect(abs(rate.upperBound - 20 * 0.004) < 1e-12)
            let reply = try await identify(caller, fpir: nil, fmr: 1e-2)
            #expect(abs(try #require(reply.falsePositiveIdentification).rate - (1 - pow(0.99, 20))) < 1e-12)
            #expect(reply.message.hasSuffix("; FPIR 1.82e-1, with 95 % confidence at most 4e-1, among 20 references"))
        }
    }

    @Test func `where the nearest sample counts each sample is a reference`() async throws {
        try await run(enrolled: 5, samples: 3, configure: { $0.rule = .minimum }) { caller, _ in
            let reply = try await identify(caller, fpir: nil)
            #expect(reply.falsePositiveIdentification?.references == 15)
        }
    }

    @Test func `nobody is taken for nobody`() async throws {
        try await run(enrolled: 0) { caller, _ in
            let rate = try #require(try await identify(caller, fpir: nil).falsePositiveIdentification)
            #expect(rate == WireIdentificationRate(rate: 0, upperBound: 0, references: 0))
        }
    }

    @Test func `the threshold that refuses the fewest is taken of those that keep the rate that is asked for`()
        async throws
    {
        try await run(enrolled: 20) { caller, _ in
            for (asked, expected) in [
                (0.9, 1e-2), (0.19, 1e-2), (0.18, 1e-3), (0.02, 1e-3), (0.019, 1e-4), (0.002, 1e-4),
            ] {
                let reply = try await identify(caller, fpir: asked)
                #expect(reply.operatingPoint == expected, "\(asked)")
                #expect(try #require(reply.falsePositiveIdentification).rate <= asked)
            }
            // It decides, and is not only stated: the probe is nearer than 0.6 and farther than 0.1.
            let noisy = try Pictures.base64(Pictures.image(person: 3, picture: 2, noise: 120))
            let loose = try await caller.client.call(Identify(image: noisy, identificationRate: 0.02))
            let strict = try await caller.client.call(Identify(image: noisy, identificationRate: 0.002))
            #expect(strict.candidates.first?.distance == loose.candidates.first?.distance)
            #expect(loose.result == .match && strict.result == .noMatch)
        }
    }

    @Test func `a rate that no threshold keeps is refused with those that there are, before a worker is asked`()
        async throws
    {
        try await run(enrolled: 20) { caller, _ in
            let before = model.valve.prepared
            let error = try await errorReply { try await identify(caller, fpir: 1e-3) }
            #expect(error.shortName == "NoSuchIdentificationRate")
            #expect(error.parameters["references"] == .int(20))
            guard case .array(let available)? = error.parameters["available"] else { throw FixtureError("none") }
            let rates = available.compactMap(\.number)
            #expect(rates.count == 3 && abs(rates[2] - (1 - pow(0.9999, 20))) < 1e-12)
            #expect(error.description.contains("1e-3 among 20 references; its thresholds keep: 1.83e-1, 1.99e-2, 2e-3"))
            #expect(model.valve.prepared == before)
            let all = try await errorReply {
                try await caller.client.call(
                    IdentifyAll(image: Pictures.base64(person: 1), identificationRate: 1e-3))
            }
            #expect(all.shortName == "NoSuchIdentificationRate")
            // What is offered is taken.
            for (text, expected) in [(0.183, 1e-2), (0.0199, 1e-3), (0.002, 1e-4)] {
                let reply = try await identify(caller, fpir: text)
                #expect(reply.operatingPoint == expected)
            }
            for (rate, expected) in zip(rates, [1e-2, 1e-3, 1e-4]) {
                let reply = try await identify(caller, fpir: rate)
                #expect(reply.operatingPoint == expected)
            }
        }
    }

    @Test(arguments: [0.0, 1, -1, 2]) func `a rate that is none is refused`(_ rate: Double) async throws {
        try await run(enrolled: 1) { caller, _ in
            let error = try await errorReply { try await identify(caller, fpir: rate) }
            #expect(error == .invalidParameter("false_positive_identification_rate"))
        }
    }

    @Test func `both rates at once are refused, and asking needs the grant score`() async throws {
        try await run(enrolled: 1, configure: { $0.access = .stranger(.verify) }) { caller, server in
            let both = try await errorReply { try await identify(caller, fpir: 0.1, fmr: 1e-3) }
            #expect(both == .invalidParameter("false_positive_identification_rate"))
            let stranger = PeerCaller(server.service)
            let refusal = try await errorReply {
                try await stranger.call(Identify(image: Pictures.base64(person: 0), identificationRate: 0.1))
            }
            #expect(refusal == .permissionDenied)
            // Whom it is stated to, it is.
            #expect(try await stranger.identify(Pictures.base64(person: 0))["false_positive_identification"] != nil)
        }
    }
}
