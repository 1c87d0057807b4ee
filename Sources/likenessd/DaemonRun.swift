// SPDX-License-Identifier: Apache-2.0

import Biometrics
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
import Varlink

/// One life of the daemon: from its folders to the gallery's close.
struct DaemonRun: Sendable {
    let settings: DaemonSettings
    let logger: Logger

    private var configuration: DaemonConfiguration { settings.configuration }
    /// Who alone may be able to change what decides.
    private var paths: TrustedPaths { TrustedPaths() }
    private var store: ModelStore { ModelStore(folder: configuration.models.folder, paths: paths) }

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
        let chosen = Result { try chosenModels() }
        // A first start without a model leaves nothing behind.
        if configuration.gallery.database.isEmpty, access(configuration.gallery.path, F_OK) != 0 {
            _ = try chosen.get()
        }
        let gallery = try await openGallery()
        do {
            try await reportEncryption(of: gallery)
            let cover = StartFaceCover(store: store, choice: FaceCoverChoice(self.configuration.models.faceCover))
            let recognizers = try await enrolledModels(
                try await load(chosen, for: gallery, cover: cover), in: gallery, cover: cover)
            var configuration = settings.service
            configuration.decoder = try DecoderProgram.find()
            let service = try await LikenessService(
                configuration: configuration, gallery: gallery, recognizers: recognizers,
                modelSource: modelSource(cover), logger: logger)
            try await serve(service, from: gallery, at: address)
        } catch {
            try? await gallery.close()
            throw error
        }
        try await gallery.close()
        logger.info("Stopped")
    }

    private func serve(
        _ service: LikenessService, from gallery: any GalleryStore, at address: VarlinkAddress
    ) async throws {
        let status = StatusLine(gallery: gallery, models: { service.modelNames }) { service.problem }
        let first = await status.text()
        let server = try VarlinkServer(
            configuration: settings.server, address: address, handlers: service.handlers, logger: logger,
            standing: { service.standing(of: $0) },
            whenListening: { [logger] in
                logger.notice("\(first)")
                report(ServiceManager.notify(.ready, .status(first)))
            })
        let limit = Duration.seconds(configuration.work.stopSeconds)
        let heartbeat = Heartbeat(service: service, status: status, first: first, logger: logger) {
            stop(within: limit)
        }
        let metrics = try metricsServer(of: service)
        // They are stopped last first, one after the other: the manager hears of it before the socket closes.
        var group = ServiceGroupConfiguration(
            services: [.init(service: server), .init(service: heartbeat)] + metrics,
            // A terminal that closes stops the daemon in order, unless it was started to outlive it, as by nohup(1).
            gracefulShutdownSignals: SignalState.isIgnored(SIGHUP)
                ? [.sigterm, .sigint] : [.sigterm, .sigint, .sighup], logger: logger)
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
                    mayRead: { service.mayReadMetrics($0) }, text: { await service.metricsText() }))
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

    private func chosenModels() throws -> [ModelStore.Entry] {
        let names = configuration.models.activeNames
        for problem in try store.contents().problems {
            logger.warning("The model package “\(problem.path)” is left out: \(problem.error)")
        }
        return names.isEmpty ? try usableEntries(of: store) : try names.map(store.entry(named:))
    }

    /// The chosen models; where one of them is not there, those that the gallery was embedded by, which decide in any
    /// case.
    private func load(
        _ chosen: Result<[ModelStore.Entry], any Error>, for gallery: any GalleryStore, cover: StartFaceCover
    ) async throws -> [Recognizer] {
        let entries: [ModelStore.Entry]
        do {
            entries = try chosen.get()
        } catch {
            let own = try await gallery.activeGenerations().compactMap {
                try? store.entry(named: $0.model.digest.hexadecimal)
            }
            guard !own.isEmpty else { throw error }
            logger.warning("\(error); what the gallery was embedded by is used")
            entries =
                own
                + Modality.allCases.filter { modality in !own.contains { $0.manifest.modality == modality } }
                .compactMap { try? store.activeEntry(of: $0) }
        }
        if entries.contains(where: { $0.manifest.modality == .face }), try cover.package(for: .face) == nil {
            logger.notice("Covered faces are not measured: no face-cover network is used")
        }
        return try entries.map { entry in
            do {
                return try makeRecognizer(of: entry, cover: cover)
            } catch {
                logger.error("The model package “\(entry.path)” cannot be used")
                throw error
            }
        }
    }

    private func makeRecognizer(of entry: ModelStore.Entry, cover: StartFaceCover) throws -> Recognizer {
        try Recognizer(
            package: try ModelPackage.load(from: entry.path, paths: paths),
            faceCover: try cover.package(for: entry.manifest.modality))
    }

    /// The active models without those that wait for a calibration: they must not keep the others from their work.
    private func usableEntries(of store: ModelStore) throws -> [ModelStore.Entry] {
        let active = try store.activeEntries(), calibrated = active.filter { $0.manifest.calibration != nil }
        // Where none is calibrated, the start fails and says so.
        guard !calibrated.isEmpty else { return active }
        for entry in active where entry.manifest.calibration == nil {
            logger.warning(
                "\(ModelPackageError.notCalibrated(name: entry.manifest.name)); nothing is decided on the modality “\(entry.manifest.modality.rawValue)” until then"
            )
        }
        return calibrated
    }

    private func openGallery() async throws -> SQLGallery {
        var options = SQLGallery.Options()
        options.keepsSamples = configuration.gallery.keepSamples
        options.keys = try galleryKeys()
        let database = configuration.gallery.database
        if database.isEmpty { return try await SQLiteGallery.open(path: configuration.gallery.path, options: options) }
        if PostgreSQLGallery.holdsPassword(database) {
            logger.warning("\(DaemonConfiguration.passwordWarning)")
        }
        return try await PostgreSQLGallery.open(connection: database, password: try galleryPassword(), options: options)
    }

    /// The password of the database that the service manager hands over.
    private func galleryPassword() throws -> String? {
        guard let path = Self.credential("likeness.gallery-password") else { return nil }
        return try DatabasePassword.read(path)
    }

    /// The path of what the service manager hands over under a name.
    private static func credential(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"].map { $0 + "/" + name }.flatMap {
            FileManager.default.fileExists(atPath: $0) ? $0 : nil
        }
    }

    /// The key that the service manager hands over, or that the configuration names.
    private func galleryKeys() throws -> WrappingKeys {
        let gallery = configuration.gallery
        var current: WrappingKey?
        if let path = Self.credential("likeness.gallery-key") {
            current = try WrappingKey.read(path, isHandedOver: true)
        } else if !gallery.keyFile.isEmpty {
            current = try WrappingKey.read(gallery.keyFile)
        }
        return WrappingKeys(
            current: current,
            previous: gallery.previousKeyFile.isEmpty ? nil : try WrappingKey.read(gallery.previousKeyFile),
            acceptsUnencrypted: gallery.acceptUnencrypted)
    }

    /// A model of the folder that a rotation names.
    private func modelSource(_ cover: StartFaceCover) -> @Sendable (String) throws -> any Embedder {
        { [self] name in try makeRecognizer(of: try store.entry(named: name), cover: cover) }
    }

    private func reportEncryption(of gallery: any GalleryStore) async throws {
        let encryption = try await gallery.encryption()
        if encryption.needsRekey {
            logger.warning("The gallery is not under the configured key yet; `enroll gallery rekey` brings it there")
        } else if configuration.gallery.acceptUnencrypted, encryption.configured != nil {
            logger.warning(
                "gallery.accept_unencrypted is set and not needed any more: a gallery without encryption would be taken in the place of this one"
            )
        }
        if !encryption.isComplete {
            logger.warning(
                "The gallery is not encrypted: who can read \(configuration.galleryName) can read the enrolled samples")
        }
    }

    /// The models that the gallery's samples were embedded with: what is chosen in the folder of models holds for a
    /// modality that has no samples, and a rotation changes the rest.
    private func enrolledModels(
        _ chosen: [Recognizer], in gallery: any GalleryStore, cover: StartFaceCover
    ) async throws -> [Recognizer] {
        var models: [Recognizer] = []
        for recognizer in chosen {
            do throws(GalleryError) {
                _ = try await gallery.activate(recognizer.model)
                models.append(recognizer)
            } catch .madeWithAnotherModel(let modality, let made, let offered, let samples) {
                guard let entry = try? store.entry(named: made.digest.hexadecimal) else {
                    throw GalleryError.madeWithAnotherModel(
                        modality: modality, made: made, offered: offered, samples: samples)
                }
                logger.notice(
                    "The \(modality.rawValue) samples are those of the model \(made), which is used; `enroll rotate \(offered.name)` changes to \(offered)"
                )
                models.append(try makeRecognizer(of: entry, cover: cover))
            }
        }
        return models
    }

    // MARK: Stopping

    /// Told once, when the stop begins. A thread that never comes back must not keep the daemon from ending; what
    /// was acknowledged is on the disk.
    private func stop(within limit: Duration) {
        logger.notice("Stopping: what was accepted is finished first")
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

    private func report(_ outcome: ServiceManager.Outcome) {
        if case .failed(let code) = outcome {
            logger.warning("The service manager cannot be told: \(String(cString: strerror(code)))")
        }
    }
}
