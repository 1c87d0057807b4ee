// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Monitoring

/// Metrics: what was counted since the start, and what is so now, in Prometheus' text format.
struct MetricsReporter: Sendable {
    let metrics: ServiceMetrics
    /// Knows the parts that are looked at.
    let status: StatusReporter

    var methods: [ServiceMethod] {
        [ServiceMethod { (_: Metrics, _) in Metrics.Reply(text: await text()) }]
    }

    func text() async -> String {
        (await now() + metrics.registry.families()).sorted { $0.name < $1.name }.map(\.text).joined()
    }

    private func now() async -> [MetricFamily] {
        let pool = status.workers.current
        var families: [MetricFamily] = [
            MetricFamily(
                "likeness_build_info", help: "1; the label is the daemon's version.", kind: .gauge,
                samples: [.init(labels: [.init("version", status.configuration.value.version)], value: 1)]),
            .gauge("likeness_workers", help: "Threads that look at pictures.", Double(pool.workers)),
            .gauge("likeness_queue_length", help: "Requests that wait for a worker.", Double(pool.waiting)),
            .gauge("likeness_queue_limit", help: "How many requests may wait.", Double(pool.limit)),
            MetricFamily(
                "likeness_queue_user_length", help: "Requests that wait for a worker, by the caller's user number.",
                kind: .gauge,
                samples: pool.waitingByUser.sorted { $0.key < $1.key }.map {
                    .init(labels: [.init("uid", "\($0.key)")], value: Double($0.value))
                }),
            MetricFamily(
                "likeness_model_info", help: "1; the labels name the active model of each modality.", kind: .gauge,
                samples: status.gallery.modalities.compactMap { modality in
                    guard let model = status.models[modality]?.description else { return nil }
                    return .init(
                        labels: [
                            .init("modality", modality.rawValue), .init("name", model.name),
                            .init("version", model.version), .init("digest", model.digest.short),
                            .init("generation", "\(status.gallery.index(of: modality)?.generation ?? 0)"),
                        ], value: 1)
                }),
            .gauge(
                "likeness_problem",
                help: "1 where something keeps the daemon from a part of its work; status says what.",
                status.problem == nil ? 0 : 1),
            .gauge(
                "process_resident_memory_bytes", help: "Resident memory of the daemon.",
                Double(ProcessMemory.residentBytes)),
        ]
        if let decoder = status.configuration.value.decoder {
            families.append(
                .counter(
                    "likeness_decoders_ended_total", help: "Decoders that died while they read a picture.",
                    Double(decoder.counters.lost)))
        }
        if let rotation = status.rotation.current, !rotation.phase.isEnd {
            families.append(
                .gauge(
                    "likeness_rotation_samples", help: "Samples that a rotation has to embed.", Double(rotation.total)))
            families.append(
                .gauge("likeness_rotation_samples_done", help: "Those that it has embedded.", Double(rotation.done)))
        }
        return families + (await stored())
    }

    /// What the gallery says; without it, that it does not.
    private func stored() async -> [MetricFamily] {
        let readable = { (value: Double) in
            MetricFamily.gauge("likeness_gallery_readable", help: "Whether the gallery answers.", value)
        }
        do throws(GalleryError) {
            let counts = try await status.gallery.store.counts(), attempts = try await status.attempts.wire()
            return [
                readable(1),
                .gauge("likeness_identities", help: "Identities that are enrolled.", Double(counts.identities)),
                .gauge("likeness_samples", help: "Samples that are enrolled.", Double(counts.samples)),
                .gauge(
                    "likeness_lock_outs", help: "Callers that are locked out of an identity, or of all.",
                    Double(attempts.lockedOut)),
            ]
        } catch {
            return [readable(0)]
        }
    }
}
