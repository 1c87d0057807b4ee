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
    ///   - choose: the models to use: those that the gallery's samples were embedded by. It is called while nothing else
    ///     changes the models, and its error changes nothing.
    /// - Returns: why the models were left as they were; nil where they were not.
    /// - Throws: ``ServiceStartError``, ``GalleryError``, or what the choice throws; then nothing here has changed.
    public func reconfigure(
        _ configuration: ServiceConfiguration, choosing choose: @escaping @Sendable () async throws -> ServedModels
    ) async throws -> String? {
        do {
            try await rotation.withClaim(by: nil) { [self] in try await take(configuration, choosing: choose) }
            return nil
        } catch ServiceFailure.rotationRunning(let message) {
            try await take(configuration) { [models] in ServedModels(models.embedders, lost: models.lost) }
            return message
        }
    }

    /// Keeps what of the last reload did not take effect, for the status; nil when all of it did.
    public func noteReload(problem: String?) {
        reporter.reload.note(problem)
    }

    /// Whether something is decided on a modality now.
    public func decides(on modality: Modality) -> Bool { models[modality] != nil }

    /// Whether a rotation, a rollback or another reload keeps the models as they are.
    public var isChangingModels: Bool { rotation.state.isClaimed }

    private func take(
        _ configuration: ServiceConfiguration, choosing choose: @escaping @Sendable () async throws -> ServedModels
    ) async throws {
        let before = self.configuration.value
        var configuration = configuration
        configuration.galleryPath = before.galleryPath
        configuration.decoder = before.decoder
        configuration.users = before.users
        let fresh = configuration
        let damage = try await workers.renew(choosing: choose, configuration: fresh) { [self] served, use in
            let loaded = try LoadedModel.loaded(served.embedders, operatingPoint: fresh.operatingPoint(of:))
            return try await gallery.use(served.embedders, rule: fresh.rule) { [self] isEncrypted in
                self.configuration.use(fresh)
                pipeline.access.use(fresh.access)
                attempts.rate.use(perMinute: fresh.attempts.perMinute)
                journal.names.show(fresh.journalNamesPeople || !isEncrypted)
                models.use(loaded, served.embedders, lost: served.lost)
                use()
            }
        }
        journal.tell(of: damage)
        await upkeep.trimAudit()
    }
}
