// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import LikenessInterface

extension LikenessService {
    /// The loaded models in the order of their modalities.
    func wireModels(for grants: Grants) -> [WireModel] {
        gallery.modalities.compactMap { models[$0]?.wire(withThresholds: grants.score) }
    }

    func wireGenerations() async throws -> [WireGeneration] {
        try await gallery.store.generations().map(WireGeneration.init)
    }

    func status(for grants: Grants) async throws -> Status.Reply {
        // A gallery that cannot be read is a thing to tell, and no reason to tell nothing.
        var counts: GalleryCounts?, encryption: GalleryEncryption?, attempts: WireAttempts?
        await lookAfterFiles()
        var problems = [problem].compactMap(\.self)
        do throws(GalleryError) {
            counts = try await gallery.store.counts()
            encryption = try await gallery.store.encryption()
            attempts = grants.allows(.admin) ? try await wireAttempts() : nil
        } catch {
            if !problems.contains(where: { $0.contains("\(error)") }) { problems.append("\(error)") }
        }
        let (seconds, attoseconds) = started.duration(to: .now).components
        return Status.Reply(
            version: configuration.version, state: admission.isStopping ? .stopping : .running,
            uptimeSeconds: Double(seconds) + Double(attoseconds) / 1e18, models: wireModels(for: grants),
            identities: counts?.identities ?? 0, samples: counts?.samples ?? 0, gallery: configuration.galleryPath,
            encrypted: encryption?.isComplete ?? false, galleryKey: encryption?.keys.last?.description,
            rotation: rotation.current.flatMap {
                $0.phase.isEnd ? nil : "to \($0.to.name) \($0.to.version): \($0.done) of \($0.total) samples"
            },
            problem: problem(problems, for: grants), workers: workers.workers, queueLength: workers.waiting,
            queueLimit: workers.limit, requests: counters.requests.load(ordering: .relaxed),
            refusedBusy: counters.refusedBusy.load(ordering: .relaxed), residentBytes: ProcessMemory.residentBytes,
            attempts: attempts)
    }
}

extension LikenessService {
    /// The words may name people.
    private func problem(_ problems: [String], for grants: Grants) -> String? {
        if problems.isEmpty { return nil }
        return grants.knowsWhoIsEnrolled
            ? problems.joined(separator: "; ") : "a part of it does not work; the daemon's journal says which"
    }
}

extension WireGeneration {
    init(_ content: GenerationContent) {
        self.init(content.generation, samples: content.embedded, refused: content.refused)
    }

    init(_ generation: Generation, samples: Int, refused: Int) {
        let state: State =
            switch generation.state {
            case .building: .building
            case .active: .active
            case .retired: .retired
            }
        self.init(
            id: Int(generation.id), model: WireModelIdentity(generation.model), state: state,
            created: Int(generation.created.wholeSeconds), samples: samples, refused: refused)
    }
}

extension WireModelIdentity {
    init(_ model: ModelDescription) {
        self.init(
            digest: model.digest.hexadecimal, name: model.name, version: model.version, modality: model.modality,
            embeddingSize: model.embeddingSize)
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
