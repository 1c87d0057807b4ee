// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import Foundation
import Monitoring
import ProgramHarness
import Testing

/// What swift-metrics' types write, read as text.
@Suite struct RegistryTests {
    private func text(_ registry: MetricsRegistry) -> String { registry.families().map(\.text).joined() }

    @Test func `counters add up by their labels, and never go back`() {
        let registry = MetricsRegistry(["calls_total": .init(help: "Calls.")])
        for (method, count) in [("b", 2), ("a", 1), ("b", 40), ("b", -7)] {
            Counter(label: "calls_total", dimensions: [("method", method)], factory: registry).increment(by: count)
        }
        #expect(
            text(registry) == """
                # HELP calls_total Calls.
                # TYPE calls_total counter
                calls_total{method="a"} 1
                calls_total{method="b"} 42

                """)
    }

    @Test func `a counter stays at the largest number`() {
        let registry = MetricsRegistry(), counter = Counter(label: "n", factory: registry)
        counter.increment(by: Int64.max)
        counter.increment()
        #expect(text(registry).hasSuffix("\nn 9.223372036854776e+18\n"))
    }

    @Test func `timers are histograms in seconds, whose buckets hold what is at most their bound`() {
        let registry = MetricsRegistry(["t_seconds": .init(help: "Time.", buckets: [0.001, 0.5])])
        let timer = Timer(label: "t_seconds", factory: registry)
        for nanoseconds in [1_000_000, 1_000_001, 500_000_000, 2_000_000_000] { timer.recordNanoseconds(nanoseconds) }
        #expect(
            text(registry) == """
                # HELP t_seconds Time.
                # TYPE t_seconds histogram
                t_seconds_bucket{le="0.001"} 1
                t_seconds_bucket{le="0.5"} 3
                t_seconds_bucket{le="+Inf"} 4
                t_seconds_sum 2.502000001
                t_seconds_count 4

                """)
    }

    @Test func `gauges and meters keep what was last`() {
        let registry = MetricsRegistry()
        let gauge = Gauge(label: "g", factory: registry), meter = Meter(label: "m", factory: registry)
        gauge.record(3)
        gauge.record(-1.5)
        meter.set(2)
        meter.increment(by: 5)
        #expect(text(registry).contains("\ng -1.5\n") && text(registry).contains("\nm 7\n"))
        #expect(text(registry).contains("# TYPE g gauge\n"))
    }

    @Test func `what is measured as another kind under a known name is not mixed with it`() {
        let registry = MetricsRegistry()
        Counter(label: "x", factory: registry).increment()
        Gauge(label: "x", factory: registry).record(9)
        #expect(text(registry) == "# HELP x x\n# TYPE x counter\nx 1\n")
    }

    @Test func `nothing is lost where many measure at once`() async {
        let registry = MetricsRegistry()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        Counter(label: "n", dimensions: [("odd", "\(task % 2)")], factory: registry).increment()
                        Timer(label: "t", factory: registry).recordNanoseconds(1)
                    }
                }
            }
        }
        #expect(text(registry).contains("n{odd=\"0\"} 4000\n") && text(registry).contains("n{odd=\"1\"} 4000\n"))
        #expect(text(registry).contains("t_count 8000\n"))
    }

    @Test(.enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
    func `Prometheus' own parser reads the same names, labels and numbers`() async throws {
        let odd = "a\"b\\\\c\nd {}=,é\u{1F600}"
        let registry = MetricsRegistry([
            "calls_total": .init(help: "A help with \\ and\na second line."), "t_seconds": .init(help: ""),
        ])
        Counter(label: "calls_total", dimensions: [("method", odd), ("2nd-name", "")], factory: registry).increment(
            by: 7)
        Timer(label: "t_seconds", dimensions: [("stage", "wait")], factory: registry).recordNanoseconds(1_234_567)
        let families =
            registry.families() + [
                .gauge("big", help: "", 1e300), .gauge("not-a-number", help: "", .nan),
                .gauge("none", help: "", -.infinity),
                .gauge("9lives", help: "", 0.1),
            ]
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("metrics-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(families.map(\.text).joined().utf8).write(to: file)
        let result = try await PythonReference.run("metrics_reference.py", [file.path])
        struct Sample: Decodable {
            let name: String, labels: [String: String], value: String, kind: String
        }
        let samples = try JSONDecoder().decode([Sample].self, from: Data(result.output.utf8))
        func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
            samples.first { $0.name == name && $0.labels == labels }.flatMap { Double($0.value) }
        }
        #expect(value("calls_total", ["method": odd, "_2nd_name": ""]) == 7)
        #expect(value("t_seconds_bucket", ["stage": "wait", "le": "0.001"]) == 0)
        #expect(value("t_seconds_bucket", ["stage": "wait", "le": "0.0025"]) == 1)
        #expect(value("t_seconds_sum", ["stage": "wait"]) == 0.001234567)
        #expect(value("big") == 1e300 && value("_9lives") == 0.1 && value("none") == -.infinity)
        #expect(value("not_a_number")?.isNaN == true)
        #expect(samples.first { $0.name == "t_seconds_sum" }?.kind == "histogram")
        #expect(samples.first { $0.name == "calls_total" }?.kind == "counter")
    }
}
