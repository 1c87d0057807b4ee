// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Gallery
import Logging
import Monitoring
import Service
import ServiceLifecycle
import UnixSignals

/// Reads the configuration and the folder of models again on SIGHUP, and puts what they say in the place of what held,
/// while calls are answered. What is wrong changes nothing.
///
/// The signal also comes from a terminal that closes, which ends the daemon in order.
struct Reloader: ServiceLifecycle.Service {
    /// Trapped before callers can connect, so that none of them ends the daemon.
    let hangUps: UnixSignalsSequence
    let service: LikenessService
    let gallery: any GalleryStore
    let loader: CurrentLoader
    /// The settings that the daemon was started with.
    let started: DaemonSettings
    let readAgain: @Sendable () throws -> DaemonSettings
    let logLevel: LogLevel
    /// Whether the socket is the service manager's, so that settings of its place do not matter.
    let isHandedOver: Bool
    let status: StatusLine
    let logger: Logger

    /// Returns when the daemon stops, or is to stop.
    func run() async throws {
        let hadTerminal = ControllingTerminal.isThere
        var settings = started
        for await _ in hangUps.cancelOnGracefulShutdown() {
            if hadTerminal, !ControllingTerminal.isThere {
                logger.notice("The terminal was closed")
                return
            }
            settings = await reload(settings)
        }
    }

    /// Returns the settings that hold from now on.
    private func reload(_ before: DaemonSettings) async -> DaemonSettings {
        ServiceManager.notify(.reloading, .status("Reloading"))
        var holding = before
        do {
            let (fresh, atNextStart) = try readAgain().keepingWhatNeedsRestart(of: before, isHandedOver: isHandedOver)
            try await take(fresh)
            holding = fresh
            service.noteReload(failure: nil)
            logger.notice("The configuration was reloaded", metadata: JournalEvent.reloaded.metadata)
            if !atNextStart.isEmpty {
                logger.warning(
                    "\(atNextStart.joined(separator: ", ")): changed in the configuration, and holds from the next start on"
                )
            }
        } catch {
            logger.error(
                "The configuration was not reloaded, and what held before holds: \(error)",
                metadata: JournalEvent.reloadFailed.metadata)
            service.noteReload(failure: "the configuration was not reloaded, and what held before holds: \(error)")
        }
        ServiceManager.notify(.ready, .status(await status.text()))
        return holding
    }

    private func take(_ settings: DaemonSettings) async throws {
        let fresh = ModelLoader(settings: settings, logger: logger)
        let models = try await fresh.load(for: gallery)
        if let failure = models.unfollowed.first { throw failure }
        // At a start the other models are served; here what is served now is not given up for a mistake.
        for loss in models.lost where loss.modality.map(service.decides(on:)) ?? false {
            throw ReloadRefusal(reason: loss.reason)
        }
        let modelsKept = try await service.reconfigure(
            settings.service, recognizers: models.recognizers, lost: models.lost)
        loader.use(fresh)
        logLevel.use(settings.configuration.log.loggerLevel)
        if let modelsKept {
            logger.warning("The models are as they were (\(modelsKept)); reload again after it")
        }
    }
}

/// A model that is used now could not be any more.
private struct ReloadRefusal: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
}
