// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Service
import Testing
import Varlink

/// What is counted of calls and pictures.
@Suite struct MetricsTests {
    private func metrics(_ server: TestServer) async throws -> [String: Double] {
        let text = try await server.connect().client.call(Metrics()).text
        var values: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let space = try #require(line.lastIndex(of: " "))
            values[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return values
    }

    @Test func `calls are counted by what they came to, pictures by why they were refused, and stages are timed`()
        async throws
    {
        try await TestServer.run([PixelModel()]) { server in
            let root = try await server.connect()
            _ = try await root.enroll("alice", Pictures.base64(person: 1, picture: 1))
            for person in [1, 1, 7] { _ = try? await root.verify("alice", Pictures.base64(person: person)) }
            _ = try? await root.verify("nobody", Pictures.base64(person: 1))
            _ = try? await root.verify("alice", "no base64")
            _ = try? await root.enroll("alice", Pictures.base64(Pictures.image(person: 1, light: 0.1)))
            let found = try await metrics(server)
            func calls(_ method: String, _ result: String) -> Double? {
                found["likeness_calls_total{method=\"\(method)\",result=\"\(result)\"}"]
            }
            #expect(calls("Verify", "match") == 2 && calls("Verify", "no_match") == 1)
            #expect(calls("Verify", "NoSuchIdentity") == 1 && calls("Verify", "ImageRejected") == 1)
            #expect(calls("Enroll", "ok") == 1 && calls("Enroll", "LowQuality") == 1)
            #expect(found["likeness_call_duration_seconds_count{method=\"Verify\"}"] == 5)
            #expect(found["likeness_acquisition_failures_total{cause=\"low_quality_brightness\"}"] == 1)
            func count(_ stage: String) -> Double {
                found["likeness_stage_duration_seconds_count{stage=\"\(stage)\"}"] ?? 0
            }
            for stage in ["wait", "decode", "align", "embed"] { #expect(count(stage) >= 4, "\(stage)") }
            #expect(count("compare") == 3 && count("store") == 1)
            // Nothing is detected by this model.
            #expect(count("detect") == 0)
            #expect(found["likeness_identities"] == 1 && found["likeness_samples"] == 1)
            #expect(found["likeness_workers"] == 2 && found["likeness_queue_length"] == 0)
            #expect(found["likeness_gallery_readable"] == 1 && found["likeness_problem"] == 0)
            #expect(found["likeness_build_info{version=\"1.2.3\"}"] == 1)
            #expect(found["process_resident_memory_bytes"] ?? 0 > 1e6)
        }
    }

    @Test func `nobody is named, and lock-outs are counted`() async throws {
        let policy = AccessPolicy.stranger(.verify)
        try await TestServer.run([PixelModel()], configure: { $0.access = policy }) { server in
            let root = try await server.connect(), stranger = PeerCaller(server.service)
            _ = try await root.enroll("alice", Pictures.base64(person: 1, picture: 1))
            for _ in 0..<9 { _ = try? await stranger.verify("alice", Pictures.base64(person: 7)) }
            let text = try await root.client.call(Metrics()).text
            #expect(!text.contains("alice"))
            #expect(text.contains("likeness_calls_total{method=\"Verify\",result=\"TooManyAttempts\"}"))
            let refused = try await errorReply { _ = try await stranger.call(Metrics()) }
            #expect(refused == .permissionDenied)
        }
    }
}
