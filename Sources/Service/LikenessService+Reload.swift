// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface

extension LikenessService {
    /// Puts another configuration and other models in the place of those there are, while calls are answered: one that
    /// has begun ends as it began, as far as it was begun.
    ///
    /// Lock-outs, the rates of callers, what is counted for monitoring, and the gallery in memory stay as they are.
    /// While a rotation is under way the models stay too, since it builds upon them.
    ///
    /// - Parameters:
    ///   - configuration: where the gallery is, and the program that decodes, are not looked at again.
    ///   - recognizers: the models to use, at most one of a modality: those that the gallery's samples were embedded by.
    ///   - lost: models that should be used and cannot.
    /// - Returns: why the models were left as they were; nil where they were not.
    /// - Throws: ``ServiceStartError`` or ``GalleryError``; then everything is as it was.
    public func reconfigure(
        _ configuration: ServiceConfiguration, recognizers: [any Embedder], lost: [LostModel] = []
    ) async throws -> String? {
        do {
            try await rotation.withClaim(by: nil) { [self] in
                try await take(configuration, recognizers, lost: lost)
            }
            return nil
        } catch ServiceFailure.rotationRunning(let message) {
            try await take(configuration, models.embedders, lost: models.lost)
            return message
        }
    }

    /// Keeps why the last reload changed nothing, for the status; nil when it did.
    public func noteReload(failure: String?) {
        reporter.reload.note(failure)
    }

    /// Whether something is decided on a modality now.
    public func decides(on modality: Modality) -> Bool { models[modality] != nil }

    private func take(
        _ configuration: ServiceConfiguration, _ embedders: [any Embedder], lost: [LostModel]
    ) async throws {
        let before = self.configuration.value
        var configuration = configuration
        configuration.galleryPath = before.galleryPath
        configuration.decoder = before.decoder
        configuration.users = before.users
        let fresh = configuration
        let loaded = try LoadedModel.loaded(embedders, operatingPoint: fresh.operatingPoint(of:))
        let isEncrypted = try await gallery.store.encryption().isComplete
        let damage = try await workers.renew(withAll: embedders, configuration: fresh) { [self] use in
            try await gallery.use(embedders, rule: fresh.rule) { [self] in
                self.configuration.use(fresh)
                pipeline.access.use(fresh.access)
                attempts.rate.use(perMinute: fresh.attempts.perMinute)
                journal.names.show(fresh.journalNamesPeople || !isEncrypted)
                models.use(loaded, embedders, lost: lost)
                use()
            }
        }
        journal.tell(of: damage)
        await upkeep.trimAudit()
    }
}
