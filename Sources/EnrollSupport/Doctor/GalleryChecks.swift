// SPDX-License-Identifier: Apache-2.0

import LikenessInterface

/// What the daemon says of its gallery, its rotation, its load and who is locked out.
enum GalleryChecks {
    static func findings(_ facts: DoctorFacts) -> [DoctorFinding] {
        guard facts.answers.isAnswering else {
            return [.notLookedAt("gallery", facts.answers.silence)]
        }
        switch facts.answers.status {
        case .failure(let failure) where failure.name == "Timeout":
            return [
                .problem(
                    "gallery", "the daemon says who it is, and not how it is, within \(milliseconds: facts.host.limit)",
                    remedy: facts.target.journal + ", then " + facts.target.restart)
            ]
        case .failure(let failure): return [.notLookedAt("gallery", reason(failure, role: "verify"))]
        case .success(let status):
            return [gallery(status, facts.target), load(status), decoders(status, facts.target), lockOuts(status)]
                .compactMap { $0 }
                + rotation(facts)
        }
    }

    /// Why a question had no answer, as the end of a sentence.
    static func reason(_ failure: CommandFailure, role: String) -> DoctorText {
        failure.status == .noPermission
            ? "needs root, or the role \(plain: role)" : "the daemon said: \(failure.message)"
    }

    /// How the daemon begins to tell of a reload that changed nothing.
    private static let reloadFailure = "the configuration was not reloaded"

    private static func gallery(_ status: Status.Reply, _ target: DoctorTarget) -> DoctorFinding {
        if let problem = status.problem {
            if problem.hasPrefix(reloadFailure) {
                return .problem(
                    "configuration", "\(problem)", remedy: "mend what it names, then " + target.reload)
            }
            return .problem(
                "gallery", "the daemon cannot do a part of its work: \(problem)",
                remedy: target.journal + "; enroll gallery check reads every row")
        }
        if status.state == .stopping {
            return .warning(
                "gallery", "the daemon is stopping, and takes nothing new", remedy: "wait for it, then start it again")
        }
        guard !status.models.isEmpty else {
            return .problem(
                "gallery", "the daemon has loaded no model, and decides on nothing",
                remedy: "enroll model import package FOLDER, then " + target.reload)
        }
        return .ok(
            "gallery",
            "\(status.identities, "identity", "identities") with \(status.samples, "sample"), by \(status.models.count, "model"); enroll gallery check reads every row"
        )
    }

    private static func load(_ status: Status.Reply) -> DoctorFinding {
        guard status.queueLength < max(1, status.queueLimit) else {
            return .warning(
                "load", "as many requests wait as may (\(number: status.queueLength)), and more are refused as busy",
                remedy:
                    "enroll top shows what is asked for; work.workers and work.queue_length say how much there is to it"
            )
        }
        return .ok(
            "load",
            "\(status.workers, "worker"), \(status.queueLength, "request") waiting, \(number: status.refusedBusy) of \(number: status.requests) refused as busy since the start"
        )
    }

    /// The alert of docs/monitoring.md.
    private static let decodersAnHour = 10.0

    private static func decoders(_ status: Status.Reply, _ target: DoctorTarget) -> DoctorFinding? {
        guard let ended = status.decodersEnded else { return nil }
        let hours = max(1, status.uptimeSeconds / 3600)
        guard Double(ended) / hours > decodersAnHour else { return nil }
        return .warning(
            "pictures",
            "\(ended, "decoder") ended over a picture since the start: somebody sends pictures that end them",
            remedy: target.isUsersOwn ? target.journal : "journalctl -u likenessd says which user")
    }

    private static func lockOuts(_ status: Status.Reply) -> DoctorFinding? {
        guard let attempts = status.attempts, attempts.lockedOut > 0 else { return nil }
        return .warning(
            "lock-outs",
            "\(attempts.lockedOut, "count") of failed comparisons \(DoctorText(stringLiteral: attempts.lockedOut == 1 ? "locks" : "lock")) somebody out",
            remedy: "enroll status says whom, and enroll unlock lifts it")
    }

    private static func rotation(_ facts: DoctorFacts) -> [DoctorFinding] {
        let answer: RotationStatus.Reply
        switch facts.answers.rotation {
        case .success(let reply): answer = reply
        case .failure(let failure): return [.notLookedAt("rotation", reason(failure, role: "enrol"))]
        }
        var findings: [DoctorFinding] = []
        let active = answer.generations.filter { $0.state == .active }
        let loaded = Set(((try? facts.answers.status.get())?.models ?? []).map(\.digest))
        for generation in active where !loaded.contains(generation.model.digest) {
            findings.append(
                .problem(
                    "rotation",
                    "what is enrolled (\(plain: generation.model.modality.rawValue)) is compared by the model \(plain: generation.model.name), which the daemon has not loaded",
                    remedy: "bring that model back into the folder of models, or rotate to another: enroll rotate MODEL"
                ))
        }
        for generation in active where generation.refused > 0 {
            findings.append(
                .warning(
                    "rotation",
                    "the model \(plain: generation.model.name) makes nothing of \(generation.refused, "enrolled sample"), which therefore count for nothing",
                    remedy: "enroll rotate --status names them; enrol these people again"))
        }
        switch answer.rotation?.phase {
        case .embedding?, .measuring?:
            findings.append(
                .ok(
                    "rotation",
                    "one is under way: \(number: answer.rotation?.done ?? 0) of \(number: answer.rotation?.total ?? 0) samples"
                ))
        case .failed?, .refused?:
            findings.append(
                .warning(
                    "rotation", "the last one came to nothing: \(answer.rotation?.message ?? "")",
                    remedy: "enroll rotate --status says more; what is enrolled is compared as before"))
        default:
            let retired = answer.generations.filter { $0.state == .retired }.count
            findings.append(
                .ok(
                    "rotation",
                    "none is under way; \(active.count, "generation") in use, \(number: retired) kept to go back to"))
        }
        return findings
    }
}
