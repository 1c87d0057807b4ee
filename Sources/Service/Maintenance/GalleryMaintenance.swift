// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Gallery
import LikenessInterface
import Monitoring
import Varlink
import Wording

/// What administrators ask for to keep a gallery whole: CheckGallery, RepairGallery, Backup and Rekey.
final class GalleryMaintenance: Sendable {
    private let configuration: CurrentConfiguration
    private let models: ActiveModels
    private let gallery: EnrolledGallery
    private let rotation: ModelRotation
    private let builder: GenerationBuilder
    private let journal: ServiceJournal
    private let backups = OneAtATime()
    private let rekeys = OneAtATime()

    init(
        configuration: CurrentConfiguration, models: ActiveModels, gallery: EnrolledGallery, rotation: ModelRotation,
        journal: ServiceJournal
    ) {
        self.configuration = configuration
        self.models = models
        self.gallery = gallery
        self.rotation = rotation
        builder = GenerationBuilder(store: gallery.store)
        self.journal = journal
    }

    var methods: [ServiceMethod] {
        [
            ServiceMethod { (_: CheckGallery, call) in try await self.check(call) },
            ServiceMethod { (_: RepairGallery, call) in try await self.repair(by: call.actor) },
            ServiceMethod { (_: Backup, call) in try await self.backUp(call) },
            ServiceMethod { (_: Rekey, call) in try await self.rekey(call) },
        ]
    }

    private func check(_ call: ServiceCall<CheckGallery>) async throws -> CheckGallery.Reply {
        let store = gallery.store
        let check = try await withProgressReplies(isWanted: call.more) { (progress: (done: Int, total: Int)) in
            try await call.replyContinuing(
                CheckGallery.Reply(done: progress.done, total: progress.total, damaged: 0, damage: []))
        } during: { tell in
            try await store.check { tell(($0, $1)) }
        }
        for damage in check.damage {
            journal.logger.error(
                "The gallery is damaged: \(journal.text(damage.what))", metadata: JournalEvent.galleryDamaged.metadata)
        }
        return CheckGallery.Reply(
            done: check.rows, total: check.rows, damaged: check.damage.count,
            damage: check.damage.prefix(CheckGallery.maximumDamage).map(WireDamage.init))
    }

    /// What is removed from the store is removed from memory too: the gallery is read again.
    private func repair(by actor: AuditActor) async throws -> RepairGallery.Reply {
        try rotation.requireNone()
        let removed = try await gallery.repair(by: actor) { [self] () throws(GalleryError) in
            try await embedAgain()
        }
        for damage in removed { journal.logger.warning("Removed from the gallery: \(journal.text(damage.what))") }
        return RepairGallery.Reply(
            done: removed.count, total: removed.count, removed: removed.count,
            damage: removed.prefix(CheckGallery.maximumDamage).map(WireDamage.init))
    }

    /// Embeds the samples whose embedding by the active model is absent, from the images that are kept.
    private func embedAgain() async throws(GalleryError) {
        for generation in try await gallery.store.activeGenerations() {
            guard let embedder = models.embedder(of: generation.model.modality),
                embedder.model.digest == generation.model.digest
            else { continue }
            let background = BackgroundEmbedder(
                embedder, decoding: configuration.value.decoding(tellingOf: journal.logger),
                limits: configuration.value.images)
            defer { background.close() }
            try await builder.embedRest(of: generation, with: background)
        }
    }

    /// Sends a copy of the database, sealed as the gallery is. There is one at a time: it takes as much room as the
    /// gallery, for as long as its reader takes.
    private func backUp(_ call: ServiceCall<Backup>) async throws -> Backup.Reply {
        guard call.more else { throw VarlinkError.expectedMore }
        return try await backups.run(orElse: .backupRunning) { try await sendBackup(call) }
    }

    private func sendBackup(_ call: ServiceCall<Backup>) async throws -> Backup.Reply {
        let path = SQLiteGallery.temporaryCopyPath(beside: configuration.value.galleryPath)
        defer { unlink(path) }
        try await gallery.store.backUp(to: path, by: call.actor)
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        // It is read through the descriptor: whatever ends this, nothing of it stays.
        unlink(path)
        let total = Int(try file.seekToEnd())
        try file.seek(toOffset: 0)
        var digest = SHA256(), offset = 0
        while let chunk = try file.read(upToCount: Backup.maximumChunkBytes), !chunk.isEmpty {
            digest.update(data: chunk)
            try await call.replyContinuing(
                Backup.Reply(chunk: chunk.base64EncodedString(), offset: offset, total: total))
            offset += chunk.count
        }
        return Backup.Reply(
            chunk: "", offset: offset, total: total, sha256: HexadecimalText.of(Array(digest.finalize())))
    }

    private func rekey(_ call: ServiceCall<Rekey>) async throws -> Rekey.Reply {
        let refusal = ServiceFailure.notSupported(
            message: "the data key of this gallery is being replaced already; wait for it")
        return try await rekeys.run(orElse: refusal) { try await replaceDataKey(call) }
    }

    private func replaceDataKey(_ call: ServiceCall<Rekey>) async throws -> Rekey.Reply {
        let store = gallery.store, actor = call.actor
        guard try await store.encryption().configured != nil else {
            throw ServiceFailure.notSupported(
                message:
                    "no key is configured, and without one the gallery stays as open as it is: make a key with `enroll gallery key FILE`, name it in gallery.key_file or hand it over as the credential likeness.gallery-key, restart the daemon and rekey again; nothing was changed"
            )
        }
        let rows = try await withProgressReplies(isWanted: call.more) { (progress: RekeyProgress) in
            try await call.replyContinuing(Rekey.Reply(progress))
        } during: { tell in
            try await store.rekey(by: actor, progress: tell)
        }
        let encryption = try await store.encryption()
        if encryption.isComplete, !configuration.value.journalNamesPeople { journal.names.show(false) }
        journal.logger.notice("The gallery is sealed anew")
        return Rekey.Reply(done: rows, total: rows, key: encryption.keys.last?.description ?? "none")
    }
}

extension Rekey.Reply {
    fileprivate init(_ progress: RekeyProgress) {
        self.init(done: progress.done, total: progress.total, key: progress.key?.description ?? "none")
    }
}

extension WireDamage {
    init(_ damage: GalleryDamage) {
        let kind: Kind =
            switch damage.kind {
            case .embedding: .embedding
            case .image, .sample: .sample
            case .identity: .identity
            case .audit: .audit
            case .attempts, .generation, .structure: .structure
            }
        self.init(kind: kind, what: damage.what, identity: damage.identity?.text, sample: damage.sample)
    }
}
