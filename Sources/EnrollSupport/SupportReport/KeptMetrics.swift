// SPDX-License-Identifier: Apache-2.0

/// What of a daemon's metrics may leave the host: its own families, without the numbers of users.
package enum KeptMetrics {
    private static let names: Set = [
        "likeness_calls_total", "likeness_call_duration_seconds_bucket", "likeness_call_duration_seconds_sum",
        "likeness_call_duration_seconds_count", "likeness_stage_duration_seconds_bucket",
        "likeness_stage_duration_seconds_sum", "likeness_stage_duration_seconds_count",
        "likeness_acquisition_failures_total", "likeness_queue_length", "likeness_queue_limit", "likeness_workers",
        "likeness_identities", "likeness_samples", "likeness_lock_outs", "likeness_gallery_readable",
        "likeness_problem", "likeness_model_info", "likeness_rotation_samples", "likeness_rotation_samples_done",
        "likeness_decoders_ended_total", "likeness_build_info", "process_resident_memory_bytes",
    ]
    private static let keptLabels: Set = [
        "method", "result", "stage", "cause", "le", "modality", "name", "version", "digest", "generation",
    ]

    package static func text(_ metrics: PrometheusText) -> String {
        metrics.samples.filter { names.contains($0.name) }.map { sample in
            let labels = sample.labels.filter { keptLabels.contains($0.key) && isPlain($0.value) }
                .sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
            return sample.name + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") + " \(sample.value)\n"
        }.joined()
    }

    private static func isPlain(_ value: String) -> Bool {
        PlainWord.isOne(value.hasPrefix("+") ? String(value.dropFirst()) : value)
    }
}
