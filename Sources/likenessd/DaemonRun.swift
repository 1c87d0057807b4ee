// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Decoding
import Dispatch
import Files
import Foundation
import Gallery
import Logging
import Monitoring
import NeuralNet
import Recognition
import Service
import ServiceLifecycle
import UnixSignals
import Varlink

/// One life of the daemon: from its folders to the gallery's close.
struct DaemonRun: Sendable {
    let settings: DaemonSettings
    /// Reads them again, for a reload.
    let readAgain: @Sendable () throws -> DaemonSettings
    let logger: Logger
    /// Of which level the log is.
    let logLevel: LogLevel

    var configuration: DaemonConfiguration { settings.configuration }
    /// Who alone may be able to change what decides.
    private var paths: TrustedPaths { TrustedPaths() }

    /// Returns when it was asked to stop and has stopped.
    ///
    /// - Throws: whatever keeps it from starting; ``ExitStatus`` knows the kinds.
    func run() async throws {
        // Whatever is made is this user's alone; the socket's own permissions are set on it.
        umask(0o077)
        raiseDescriptorLimit()
        let address = try listeningAddress()
        try prepareFolders(for: address)
        BLAS.useSingleThread()
        SpareCores.shared.use(cores: settings.service.workerCount)
        let loader = ModelLoader(settings: settings, logger: logger)
        // A first start without a model leaves nothing behind.
        if configuration.gallery.database.isEmpty, access(configuration.gallery.path, F_OK) != 0 {
            try loader.requireModels()
        }
        let gallery = try await openGallery()
        do {
            try await reportEncryption(of: gallery)
            let models = try await loader.load(for: gallery)
            loader.tell(of: models)
            let current = Current<ModelLoader>(loader)
            var configuration = settings.service
            configuration.decoder = try DecoderProgram.find()
            let service = try await LikenessService(
                configuration: configuration, gallery: gallery, recognizers: models.recognizers, lost: models.lost,
                modelSource: { try current.value.recognizer(named: $0) },
                consentSource: { [logger] in await PolkitConsent(logger: logger).ask($0) }, logger: logger)
            try await serve(service, from: gallery, at: address, loader: current)
        } catch {
            try? await gallery.close()
            throw error
        }
        try await gallery.close()
        logger.info("Stopped")
    }

    private func serve(
        _ service: LikenessService, from gallery: any GalleryStore, at address: VarlinkAddress,
        loader: Current<ModelLoader>
    ) async throws {
        let status = StatusLine(gallery: gallery, models: { service.modelNames }) { service.problem }
        let first = await status.text()
        let server = try VarlinkServer(
            configuration: settings.server, address: address, handlers: service.handlers, logger: logger,
            standing: { service.knownStanding(of: $0) }, askStanding: { await service.standing(of: $0) },
            whenListening: { [logger] in
                logger.notice("\(first)", metadata: JournalEvent.ready.metadata)
                report(ServiceManager.notify(.ready, .status(first)))
            })
        let limit = Duration.seconds(configuration.work.stopSeconds)
        let heartbeat = Heartbeat(service: service, status: status, first: first, logger: logger) {
            service.stopAsking()
            stop(within: limit)
        }
        let metrics = try metricsServer(of: service)
        // A daemon that was started to outlive its terminal, as by nohup(1), takes no such signal at all.
        let reloader =
            SignalState.isIgnored(SIGHUP)
            ? []
            : [
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: Reloader(
                        hangUps: await UnixSignalsSequence(trapping: .sighup), service: service, gallery: gallery,
                        loader: loader, started: settings, readAgain: readAgain,
                        logLevel: logLevel,
                        isHandedOver: { if case .inheritedDescriptor = address { true } else { false } }(),
                        status: status, logger: logger),
                    successTerminationBehavior: .gracefullyShutdownGroup)
            ]
        // They are stopped last first, one after the other: the manager hears of it before the socket closes.
        var group = ServiceGroupConfiguration(
            services: [.init(service: server), .init(service: heartbeat)] + metrics + reloader,
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = limit
        do {
            try await ServiceGroup(configuration: group).run()
        } catch {
            await service.drain()
            throw error
        }
        await service.drain()
    }

    /// What answers on the socket for metrics, where the configuration names one.
    private func metricsServer(of service: LikenessService) throws -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let metrics = configuration.metrics
        guard !metrics.socket.isEmpty else { return [] }
        // It may lie beside the other socket; who may connect is said by its own permissions.
        try PrivateFolder.prepare(FilePath.folder(of: metrics.socket), mode: 0o755)
        return [
            .init(
                service: try MetricsServer(
                    path: metrics.socket, mode: UInt32(metrics.mode), logger: logger,
                    mayRead: { await service.mayReadMetrics($0) }, text: { await service.metricsText() }))
        ]
    }

    // MARK: Starting

    /// Each connection takes a descriptor; the gallery, the journal and the event loops take some more.
    private func raiseDescriptorLimit() {
        let needed = configuration.socket.maximumConnections + 128
        let granted = DescriptorLimit.raise(to: needed)
        if granted < needed {
            logger.warning(
                "Only \(granted) files and sockets can be open at once, and \(configuration.socket.maximumConnections) connections need \(needed); raise LimitNOFILE= or lower socket.maximum_connections"
            )
        }
    }

    private func listeningAddress() throws -> VarlinkAddress {
        if let inherited = try SocketActivation.inheritedSocket() { return .inheritedDescriptor(inherited) }
        return .unixPath(configuration.socket.path, mode: UInt32(configuration.socket.mode))
    }

    private func prepareFolders(for address: VarlinkAddress) throws {
        if configuration.gallery.database.isEmpty {
            let folder = FilePath.folder(of: configuration.gallery.path)
            try PrivateFolder.prepare(folder)
            // Anyone who can write to a folder above could put another gallery in its place.
            try paths.checkFolder(folder)
        }
        for path in configuration.decidingFiles where FileManager.default.fileExists(atPath: path) {
            try paths.check(path)
        }
        guard case .unixPath(let path, let mode) = address else { return }
        // Those who may connect have to reach the socket.
        let othersConnect = mode & 0o077 != 0
        try PrivateFolder.prepare(
            FilePath.folder(of: path), mode: othersConnect ? 0o755 : 0o700, mustBeClosed: !othersConnect)
    }

    // MARK: Stopping

    /// Told once, when the stop begins. A thread that never comes back must not keep the daemon from ending; what
    /// was acknowledged is on the disk.
    private func stop(within limit: Duration) {
        logger.notice("Stopping: what was accepted is finished first", metadata: JournalEvent.stopping.metadata)
        report(ServiceManager.notify(.stopping(within: limit + .seconds(20)), .status("Stopping")))
        let deadline = DispatchTime.now() + .seconds(Int(limit.components.seconds))
        DispatchQueue.global().asyncAfter(deadline: deadline) { [logger] in
            logger.warning("Some of what was accepted has not ended in time and is given up")
        }
        DispatchQueue.global().asyncAfter(deadline: deadline + .seconds(10)) { [logger] in
            logger.error("What was given up cannot be stopped; ending without it")
            Foundation.exit(ExitStatus.fault.rawValue)
        }
    }

    func report(_ outcome: ServiceManager.Outcome) {
        if case .failed(let code) = outcome {
            logger.warning("The service manager cannot be told: \(String(cString: strerror(code)))")
        }
    }
}
