// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Logging
import Synchronization

/// The workers of now, which work with the active models. When a model is exchanged, others take their place.
package final class ActiveWorkers: Sendable {
    private let configuration: CurrentConfiguration
    private let models: ActiveModels
    private let logger: Logger
    private let metrics: ServiceMetrics
    private let pool: Mutex<WorkerPool>
    /// One set of workers is made from another at a time, so that none is made from one that is replaced meanwhile.
    private let renewals = SerialQueue()

    /// Starts the threads.
    ///
    /// - Throws: ``ServiceStartError`` when a thread cannot use a model.
    package init(
        configuration: CurrentConfiguration, models: ActiveModels, logger: Logger,
        metrics: ServiceMetrics = ServiceMetrics()
    ) async throws(ServiceStartError) {
        self.configuration = configuration
        self.models = models
        self.logger = logger
        self.metrics = metrics
        pool = Mutex(try await Self.start(models.embedders, configuration.value, logger, metrics))
    }

    private static func start(
        _ embedders: [any Embedder], _ configuration: ServiceConfiguration, _ logger: Logger, _ metrics: ServiceMetrics
    ) async throws(ServiceStartError) -> WorkerPool {
        try await WorkerPool(
            workers: configuration.workerCount,
            queueLength: max(1, configuration.queueLength), embedders: embedders, limits: configuration.images,
            decoder: configuration.decoder, timeout: configuration.workerTimeout, logger: logger, metrics: metrics)
    }

    var current: WorkerPool { pool.withLock { $0 } }

    /// Has a worker make the one probe of an image.
    ///
    /// - Throws: as ``WorkerPool/look(_:)``.
    package func embed(_ request: ProbeRequest) async throws -> Probe {
        try await look(request).probe
    }

    /// Has a worker look at every face of an image.
    ///
    /// - Throws: as ``WorkerPool/look(_:)``.
    package func look(_ request: ProbeRequest) async throws -> ProbedPicture {
        do {
            let picture = try await lookByCurrent(request)
            metrics.countCauses(of: .success(picture))
            return picture
        } catch let failure as ServiceFailure {
            metrics.countCauses(of: .failure(failure))
            throw failure
        }
    }

    private func lookByCurrent(_ request: ProbeRequest) async throws -> ProbedPicture {
        while true {
            let pool = current
            do {
                return try await pool.look(request)
            } catch ServiceFailure.stopping where pool !== current {
                // Others took their place between the two.
            }
        }
    }

    /// Takes no further request; the threads end when those that wait are done.
    package func close() {
        current.close()
    }

    /// Makes workers with the active models, but one in the place of that of its modality, for a change that brings
    /// this one.
    ///
    /// - Parameter change: calls what it is given at the moment from which the model is the active one. Where it does
    ///   not, the fresh workers are given up. What waits for the workers before is still done by them.
    /// - Throws: ``ServiceStartError`` where the model cannot be used, or what the change throws.
    package func renew<Value: Sendable>(
        with embedder: any Embedder,
        for change: @escaping @Sendable (_ use: @escaping @Sendable () -> Void) async throws -> Value
    ) async throws -> Value {
        try await renewals.run { [self] in
            try await renew(
                with: models.embedders.filter { $0.model.modality != embedder.model.modality } + [embedder],
                configuration.value, for: change)
        }
    }

    /// Makes workers as a configuration asks for them, with models that are chosen when no other change of the models
    /// runs.
    ///
    /// - Parameters:
    ///   - choose: the models, which are to be the only ones.
    ///   - change: as above, and with what was chosen; it is what makes the configuration the current one.
    /// - Throws: as above, or what the choice throws.
    func renew<Value: Sendable>(
        choosing choose: @escaping @Sendable () async throws -> ServedModels, configuration: ServiceConfiguration,
        for change: @escaping @Sendable (ServedModels, _ use: @escaping @Sendable () -> Void) async throws -> Value
    ) async throws -> Value {
        try await renewals.run { [self] in
            let choice = try await choose()
            return try await renew(with: choice.embedders, configuration) { use in try await change(choice, use) }
        }
    }

    private func renew<Value: Sendable>(
        with embedders: [any Embedder], _ configuration: ServiceConfiguration,
        for change: @escaping @Sendable (_ use: @escaping @Sendable () -> Void) async throws -> Value
    ) async throws -> Value {
        let fresh = try await Self.start(embedders, configuration, logger, metrics)
        // Once they are used they stay, even if the change fails afterwards: the workers before are closed by then.
        defer { if current !== fresh { fresh.close() } }
        return try await change { [self] in replace(by: fresh) }
    }

    private func replace(by fresh: WorkerPool) {
        let old = pool.withLock { pool in
            defer { pool = fresh }
            return pool
        }
        old.close()
    }
}
