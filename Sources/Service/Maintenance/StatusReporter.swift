// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import LikenessInterface
import Synchronization

/// Status, ListModels and Unlock: how the daemon is, and who is locked out.
struct StatusReporter: Sendable {
    let configuration: CurrentConfiguration
    let models: ActiveModels
    let gallery: EnrolledGallery
    let workers: ActiveWorkers
    let attempts: AttemptLedger
    let rotation: ModelRotation
    let follower: GalleryFollower
    let upkeep: GalleryUpkeep
    let admission: Admission
    let counters: ServiceCounters
    let started: ContinuousClock.Instant
    let reload = ReloadOutcome()

    var methods: [ServiceMethod] {
        [
            ServiceMethod { (_: Status, call) in try await status(for: call.grants) },
            ServiceMethod { (_: ListModels, call) in ListModels.Reply(models: wireModels(for: call.grants)) },
            ServiceMethod { (parameters: Unlock, call) in try await attempts.unlock(parameters, by: call.actor) },
        ]
    }

    /// What keeps the service from a part of its work, in words.
    var problem: String? {
        let reasons = models.lost.map(\.reason) + [follower.problem, upkeep.problem, reload.failure].compactMap(\.self)
        return reasons.isEmpty ? nil : Array(Set(reasons)).sorted().joined(separator: "; ")
    }

    /// The loaded models in the order of their modalities.
    private func wireModels(for grants: Grants) -> [WireModel] {
        gallery.modalities.compactMap { models[$0]?.wire(withThresholds: grants.score) }
    }

    private func status(for grants: Grants) async throws -> Status.Reply {
        // A gallery that cannot be read is a thing to tell, and no reason to tell nothing.
        var counts: GalleryCounts?, encryption: GalleryEncryption?, attempts: WireAttempts?
        await upkeep.lookAfterFiles()
        var problems = [problem].compactMap(\.self)
        do throws(GalleryError) {
            counts = try await gallery.store.counts()
            encryption = try await gallery.store.encryption()
            attempts = grants.allows(.admin) ? try await self.attempts.wire() : nil
        } catch {
            if !problems.contains(where: { $0.contains("\(error)") }) { problems.append("\(error)") }
        }
        let workers = self.workers.current
        let (seconds, attoseconds) = started.duration(to: .now).components
        return Status.Reply(
            version: configuration.value.version, state: admission.isStopping ? .stopping : .running,
            uptimeSeconds: Double(seconds) + Double(attoseconds) / 1e18, models: wireModels(for: grants),
            faceCover: models.embedder(of: .face)?.faceCoverName,
            identities: counts?.identities ?? 0, samples: counts?.samples ?? 0,
            gallery: configuration.value.galleryPath,
            encrypted: encryption?.isComplete ?? false, galleryKey: encryption?.keys.last?.description,
            rotation: rotation.current.flatMap {
                $0.phase.isEnd ? nil : "to \($0.to.name) \($0.to.version): \($0.done) of \($0.total) samples"
            },
            problem: problem(problems, for: grants), workers: workers.workers, queueLength: workers.waiting,
            queueLimit: workers.limit, requests: counters.requests.load(ordering: .relaxed),
            refusedBusy: counters.refusedBusy.load(ordering: .relaxed), residentBytes: ProcessMemory.residentBytes,
            decodersEnded: configuration.value.decoder.map(\.counters.lost), attempts: attempts)
    }

    /// The words may name people.
    private func problem(_ problems: [String], for grants: Grants) -> String? {
        if problems.isEmpty { return nil }
        return grants.knowsWhoIsEnrolled
            ? problems.joined(separator: "; ") : "a part of it does not work; the daemon's journal says which"
    }
}

/// Why the last reload changed nothing.
final class ReloadOutcome: Sendable {
    private let current = Mutex<String?>(nil)

    var failure: String? { current.withLock { $0 } }

    func note(_ failure: String?) {
        current.withLock { $0 = failure }
    }
}

/// What the kernel says of this process's memory.
enum ProcessMemory {
    /// The resident set (proc(5), statm); 0 where the kernel does not say.
    static var residentBytes: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
