// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import LikenessInterface
import Testing
import Varlink

/// What a daemon counts, between two looks.
@Suite struct TopTests {
    private static func load(_ before: String, _ after: String, seconds: Double = 2) -> ServiceLoad {
        let begun = ContinuousClock.now
        return ServiceLoad(
            from: ServiceLook(metrics: PrometheusText(before), status: nil, time: begun),
            to: ServiceLook(metrics: PrometheusText(after), status: nil, time: begun + .seconds(seconds)))
    }

    private static func stage(_ counts: [Int], sum: Double) -> String {
        zip(["0.1", "0.2", "0.4", "+Inf"], counts).map {
            "likeness_stage_duration_seconds_bucket{stage=\"embed\",le=\"\($0)\"} \($1)\n"
        }.joined() + "likeness_stage_duration_seconds_sum{stage=\"embed\"} \(sum)\n"
    }

    @Test func `rates are of the time between two looks, and a counter that began anew counts from nothing`() {
        let load = Self.load(
            "likeness_calls_total{method=\"Verify\",result=\"match\"} 10\nlikeness_calls_total{method=\"List\",result=\"ok\"} 50\n",
            "likeness_calls_total{method=\"Verify\",result=\"match\"} 16\nlikeness_calls_total{method=\"List\",result=\"ok\"} 2\nlikeness_calls_total{method=\"Enroll\",result=\"ok\"} 4\n"
        )
        #expect(
            load.calls.map { "\($0.method) \($0.result) \($0.perSecond)" } == [
                "Verify match 3.0", "Enroll ok 2.0", "List ok 1.0",
            ])
        #expect(load.callsPerSecond == 6)
    }

    /// The numbers are those of Prometheus' `histogram_quantile` for these buckets.
    @Test func `percentiles are found between the bounds, and only of what came since`() throws {
        let load = Self.load(Self.stage([100, 100, 100, 100], sum: 1), Self.stage([110, 130, 140, 140], sum: 9))
        let embed = try #require(load.stages.first)
        #expect(embed.count == 40 && embed.mean == 0.2)
        #expect(abs(try #require(embed.p50) - 0.15) < 1e-12)
        #expect(abs(try #require(embed.p90) - 0.32) < 1e-12)
        // Above the last finite bound that bound is told.
        let slow = Self.load("", Self.stage([0, 0, 0, 10], sum: 100))
        #expect(slow.stages.first?.p50 == 0.4)
        let idle = Self.load(Self.stage([1, 1, 1, 1], sum: 1), Self.stage([1, 1, 1, 1], sum: 1))
        #expect(idle.stages.first?.p50 == nil && idle.stages.first?.count == 0)
    }

    @Test func `what another program sends is read within bounds, and controls no terminal`() throws {
        let hostile = """
            likeness_calls_total{method="\u{1B}[2J\u{202E}",result="a\\"b\\n"} 5
            likeness_calls_total{method="a" 5
            likeness_calls_total{method="b",result="ok"} NaN
            likeness_calls_total{method="c",result="ok"} 1e308
            likeness_calls_total{method="d",result="ok"} +Inf
            {} 5
            likeness_queue_user_length{uid="\u{9B}31m"} 3
            likeness_stage_duration_seconds_bucket{stage="wait",le="0.1"} 9
            likeness_stage_duration_seconds_bucket{stage="wait",le="+Inf"} 3
            likeness_stage_duration_seconds_bucket{stage="wait",le="NaN"} 3
            likeness_rotation_samples 1e18
            process_resident_memory_bytes -5
            """
        let load = Self.load("", hostile)
        #expect(load.calls.count == 1)
        for columns in [1, 20, 80, 200] {
            let lines = TopText.lines(load, columns: columns, rows: 24)
            #expect(
                lines.allSatisfy { line in
                    line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0.value != 0x202E }
                })
            #expect(lines.allSatisfy { $0.count <= columns } && lines.count <= 23)
        }
        #expect(!(try JSONText.line(load)).contains("\u{1B}"))
        let many = PrometheusText((0..<30_000).map { "m\($0) 1\n" }.joined())
        #expect(many.isCut && many.samples.count == 20_000)
        #expect(PrometheusText(String(repeating: "x", count: 5 << 20)).isCut)
    }

    @Test func `what matters most is at the top, and the table of calls takes the rows that are left`() {
        let calls = (0..<40).map { "likeness_calls_total{method=\"M\($0)\",result=\"ok\"} \($0)\n" }.joined()
        let load = Self.load(
            "", calls + "likeness_acquisition_failures_total{cause=\"no_face\"} 3\nlikeness_problem 1\n")
        for rows in [2, 5, 12, 24, 80] {
            let lines = TopText.lines(load, columns: 80, rows: rows)
            #expect(lines.count <= rows - 1)
            if rows >= 12 {
                #expect(lines.contains("refused  no_face 3") && lines.contains { $0.hasPrefix("PROBLEM") })
            }
        }
        #expect(TopText.lines(load, columns: 80, rows: 24).count == 23)
        #expect(TopText.lines(load).count > 45)
    }

    @Test func `it reads a daemon's own text`() async throws {
        @Sendable func answer(_ call: VarlinkCall) async throws {
            guard call.method == "Metrics" || call.method.hasSuffix(".Metrics") else {
                throw VarlinkError.permissionDenied
            }
            try await call.reply(
                Metrics.Reply(
                    text:
                        "# HELP likeness_workers Threads.\n# TYPE likeness_workers gauge\nlikeness_workers 2\nlikeness_queue_length 1\nlikeness_queue_limit 64\n"
                ))
        }
        try await ScriptedDaemon.run(answer) { socket in
            let client = Sample.client(socket, timeout: .seconds(20))
            let look = try await ServiceLook.taken(by: client)
            let load = ServiceLoad(from: look, to: look)
            #expect(load.workers == 2 && load.queueLength == 1 && load.uptimeSeconds == nil)
            #expect(TopText.lines(load)[1].contains("1 of at most 64 waiting for 2 workers"))
        }
    }

    @Test func `one worker is one`() async throws {
        @Sendable func answer(_ call: VarlinkCall) async throws {
            guard call.method.hasSuffix("Metrics") else { throw VarlinkError.permissionDenied }
            try await call.reply(Metrics.Reply(text: "# TYPE likeness_workers gauge\nlikeness_workers 1\n"))
        }
        try await ScriptedDaemon.run(answer) { socket in
            let look = try await ServiceLook.taken(by: Sample.client(socket))
            #expect(TopText.lines(ServiceLoad(from: look, to: look))[1].hasSuffix("waiting for 1 worker"))
        }
    }
}
