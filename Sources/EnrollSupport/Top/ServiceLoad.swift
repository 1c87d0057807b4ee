// SPDX-License-Identifier: Apache-2.0

import LikenessInterface

/// One look at a daemon.
package struct ServiceLook: Sendable {
    package let metrics: PrometheusText
    /// Nil where this user may not ask.
    package let status: Status.Reply?
    package let time: ContinuousClock.Instant

    package init(metrics: PrometheusText, status: Status.Reply?, time: ContinuousClock.Instant) {
        self.metrics = metrics
        self.status = status
        self.time = time
    }

    package static func taken(by client: DaemonClient) async throws(CommandFailure) -> ServiceLook {
        let reply = try await client.call(Metrics())
        // The role monitor alone does not include it.
        let status = try? await client.call(Status())
        return ServiceLook(metrics: PrometheusText(reply.text), status: status, time: .now)
    }
}

/// What a daemon did between two looks, and how it is at the second. As `--json` prints it.
package struct ServiceLoad: Sendable, Encodable {
    package struct Calls: Sendable, Hashable, Encodable {
        package let method: String
        package let result: String
        package let perSecond: Double
        package let total: Double

        private enum CodingKeys: String, CodingKey { case method, result, perSecond = "per_second", total }
    }

    /// Of the time between the looks; times in seconds, null where nothing was measured.
    package struct Times: Sendable, Hashable, Encodable {
        package let name: String
        package let count: Double
        package let mean: Double?
        package let p50: Double?
        package let p90: Double?
        package let p99: Double?

        init(_ name: String, _ histogram: LatencyHistogram) {
            self.name = name
            count = histogram.count
            mean = histogram.count > 0 ? histogram.sum / histogram.count : nil
            p50 = histogram.quantile(0.5)
            p90 = histogram.quantile(0.9)
            p99 = histogram.quantile(0.99)
        }
    }

    package struct Share: Sendable, Hashable, Encodable {
        package let user: String
        package let waiting: Double
    }

    package struct Model: Sendable, Hashable, Encodable {
        package let modality: String
        package let name: String
        package let version: String
        package let generation: String
    }

    /// Between the looks.
    package let seconds: Double
    package let version: String?
    package let uptimeSeconds: Double?
    package let problem: String?
    package let hasProblem: Bool
    package let callsPerSecond: Double
    /// By falling rate.
    package let calls: [Calls]
    package let methods: [Times]
    package let stages: [Times]
    package let refusals: [String: Double]
    package let workers: Double?
    package let queueLength: Double?
    package let queueLimit: Double?
    package let users: [Share]
    package let identities: Double?
    package let samples: Double?
    package let lockOuts: Double?
    package let galleryReadable: Bool?
    package let residentBytes: Double?
    package let decodersEnded: Double?
    package let decodersEndedSince: Double?
    package let rotationDone: Double?
    package let rotationTotal: Double?
    package let models: [Model]

    private enum CodingKeys: String, CodingKey {
        case seconds, version, uptimeSeconds = "uptime_seconds", problem, hasProblem = "has_problem"
        case callsPerSecond = "calls_per_second", calls, methods, stages, refusals
        case workers, queueLength = "queue_length", queueLimit = "queue_limit", users, identities, samples
        case lockOuts = "lock_outs", galleryReadable = "gallery_readable", residentBytes = "resident_bytes"
        case decodersEnded = "decoders_ended", decodersEndedSince = "decoders_ended_since"
        case rotationDone = "rotation_done", rotationTotal = "rotation_total", models
    }

    static let stageNames = ["wait", "decode", "detect", "align", "embed", "compare", "store"]

    package init(from earlier: ServiceLook, to later: ServiceLook) {
        let now = later.metrics, before = earlier.metrics
        let seconds = max(0.001, earlier.time.duration(to: later.time) / .seconds(1))
        self.seconds = seconds
        calls = Self.calls(before, now, seconds)
        callsPerSecond = calls.reduce(0) { $0 + $1.perSecond }
        methods = Self.times("likeness_call_duration_seconds", by: "method", before, now).filter { $0.count > 0 }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        stages = Self.times("likeness_stage_duration_seconds", by: "stage", before, now)
            .sorted { Self.place($0.name) < Self.place($1.name) }
        refusals = Self.increases("likeness_acquisition_failures_total", by: "cause", before, now)
        version = now.all("likeness_build_info").first?.labels["version"]
        uptimeSeconds = later.status?.uptimeSeconds
        problem = later.status?.problem
        hasProblem = now.value("likeness_problem") == 1 || later.status?.problem != nil
        workers = now.value("likeness_workers")
        queueLength = now.value("likeness_queue_length")
        queueLimit = now.value("likeness_queue_limit")
        users = now.all("likeness_queue_user_length").map { Share(user: $0.labels["uid"] ?? "?", waiting: $0.value) }
            .sorted { ($1.waiting, $0.user) < ($0.waiting, $1.user) }
        identities = now.value("likeness_identities")
        samples = now.value("likeness_samples")
        lockOuts = now.value("likeness_lock_outs")
        galleryReadable = now.value("likeness_gallery_readable").map { $0 == 1 }
        residentBytes = now.value("process_resident_memory_bytes")
        decodersEnded = now.value("likeness_decoders_ended_total")
        decodersEndedSince = decodersEnded.map {
            Self.increase($0, since: before.value("likeness_decoders_ended_total"))
        }
        rotationDone = now.value("likeness_rotation_samples_done")
        rotationTotal = now.value("likeness_rotation_samples")
        models = now.all("likeness_model_info").map { sample in
            Model(
                modality: sample.labels["modality"] ?? "?", name: sample.labels["name"] ?? "?",
                version: sample.labels["version"] ?? "", generation: sample.labels["generation"] ?? "")
        }
    }

    /// A counter begins at 0 with each start of the daemon.
    private static func increase(_ now: Double, since before: Double?) -> Double {
        guard let before, before <= now else { return max(0, now) }
        return now - before
    }

    private static func calls(_ before: PrometheusText, _ now: PrometheusText, _ seconds: Double) -> [Calls] {
        let name = "likeness_calls_total"
        let known = Dictionary(before.all(name).map { ($0.labels, $0.value) }) { $1 }
        return now.all(name).map { sample in
            // What came into being since the first look began at 0 too, unless that look saw nothing at all.
            let since = known[sample.labels] ?? 0
            return Calls(
                method: sample.labels["method"] ?? "?", result: sample.labels["result"] ?? "?",
                perSecond: increase(sample.value, since: since) / seconds, total: sample.value)
        }.sorted { ($1.perSecond, $1.total, $0.method, $0.result) < ($0.perSecond, $0.total, $1.method, $1.result) }
    }

    private static func increases(
        _ name: String, by label: String, _ before: PrometheusText, _ now: PrometheusText
    ) -> [String: Double] {
        let known = Dictionary(before.all(name).map { ($0.labels[label] ?? "?", $0.value) }) { $1 }
        let all = now.all(name).map { sample in
            let key = sample.labels[label] ?? "?"
            return (key, increase(sample.value, since: known[key] ?? 0))
        }
        return Dictionary(all) { $0 + $1 }.filter { $0.value > 0 }
    }

    private static func times(
        _ name: String, by label: String, _ before: PrometheusText, _ now: PrometheusText
    ) -> [Times] {
        func histograms(_ text: PrometheusText) -> [String: LatencyHistogram] {
            Dictionary(grouping: text.samples.filter { $0.name.hasPrefix(name) }) { $0.labels[label] ?? "?" }
                .mapValues { LatencyHistogram($0, name: name) }
        }
        let known = histograms(before)
        return histograms(now).map { Times($0.key, $0.value.since(known[$0.key])) }
    }

    private static func place(_ stage: String) -> Int { stageNames.firstIndex(of: stage) ?? stageNames.count }
}
