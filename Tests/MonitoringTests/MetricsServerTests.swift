// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Monitoring
import ProgramHarness
import ServiceLifecycle
import Testing

/// The socket that Prometheus reads, asked by another HTTP client than ours and by none.
@Suite(.enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
struct MetricsServerTests {
    /// Runs a server for as long as the body takes, and returns what a script's requests were answered.
    private func answers(_ requests: [String], mayRead: Bool = true, mode: UInt32 = 0o600) async throws -> [Answer] {
        let path = "/tmp/likeness-metrics-\(UUID().uuidString.prefix(8)).sock"
        let server = try MetricsServer(
            path: path, mode: mode, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            mayRead: { _ in mayRead }, text: { "n 1\n" })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            var status = stat()
            while stat(path, &status) != 0 { try await Task.sleep(for: .milliseconds(5)) }
            #expect(status.st_mode & 0o777 == mode)
            let result = try await PythonReference.run("metrics_client.py", [path] + requests)
            group.cancelAll()
            while let _ = try await group.next() {}
            #expect(stat(path, &status) != 0)
            return try JSONDecoder().decode([Answer].self, from: Data(result.output.utf8))
        }
    }

    private struct Answer: Decodable {
        let status: Int
        let type: String?
        let allow: String?
        let body: String
    }

    @Test func `GET and HEAD of the one path are answered, and nothing else`() async throws {
        let answers = try await answers(
            ["GET /metrics", "GET /metrics?x=1", "HEAD /metrics", "POST /metrics", "GET /", "GET /metrics/"])
        #expect(answers.map(\.status) == [200, 200, 200, 405, 404, 404])
        #expect(answers[0].body == "n 1\n" && answers[2].body.isEmpty)
        #expect(answers[0].type == "text/plain; version=0.0.4; charset=utf-8")
        #expect(answers[3].allow == "GET, HEAD")
    }

    @Test func `who may not read is told which setting says so`() async throws {
        let answers = try await answers(["GET /metrics"], mayRead: false, mode: 0o666)
        #expect(answers.map(\.status) == [403])
        #expect(answers[0].body.contains("access.monitor"))
    }

    @Test func `who may not read takes no place of those who may`() async throws {
        // Silent connections of others stay open for a moment only, and a few of them.
        let answers = try await answers(["HOLD 40", "GET /metrics"], mayRead: false)
        #expect(answers.map(\.status) == [0, 403])
    }

    @Test func `garbage, a head without an end and too many connections leave the server as it was`() async throws {
        let answers = try await answers(["RAW \u{1}\u{2}", "FLOOD 40", "HEAD-OF 200000", "GET /metrics"])
        #expect(answers.map(\.status) == [400, 0, 400, 200])
    }
}
