// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import Gallery
import Logging
import Monitoring
import NeuralNet
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
    let loader: Current<ModelLoader>
    /// The settings that the daemon was started with.
    let started: DaemonSettings
    let readAgain: @Sendable () throws -> DaemonSettings
    let logLevel: LogLevel
    /// Whether the socket is the service manager's, so that settings of its place do not matter.
    let isHandedOver: Bool
    let status: StatusLine
    let logger: Logger

    private static let reading = BlockingWork(limit: 1)

    /// Returns when the daemon stops, or is to stop. A reload that is under way then is not waited for.
    func run() async throws {
        let hadTerminal = ControllingTerminal.isThere
        var settings = started
        for await _ in hangUps.cancelOnGracefulShutdown() {
            if hadTerminal, !ControllingTerminal.isThere {
                logger.notice("The terminal was closed")
                return
            }
            let (outcomes, outcome) = AsyncStream.makeStream(of: DaemonSettings.self)
            Task { [settings] in
                outcome.yield(await reload(settings))
                outcome.finish()
            }
            for await holding in outcomes.cancelOnGracefulShutdown() { settings = holding }
            if Task.isShuttingDownGracefully { return }
        }
    }

    /// Returns the settings that hold from now on.
    private func reload(_ before: DaemonSettings) async -> DaemonSettings {
        ServiceManager.notify(.reloading, .status("Reloading"))
        var holding = before
        do {
            // Names of users and groups are looked up, which may take long.
            let read = await Self.reading.run { [readAgain] in Result { try readAgain() } }
            let (fresh, atNextStart) = try read.get().keepingWhatNeedsRestart(of: before, isHandedOver: isHandedOver)
            let modelsKept = try await take(fresh)
            holding = fresh
            logger.notice("The configuration was reloaded", metadata: JournalEvent.reloaded.metadata)
            service.noteReload(problem: modelsKept)
            if let modelsKept {
                logger.warning("\(modelsKept)")
                reloadAfterChange()
            }
            if !atNextStart.isEmpty {
                logger.warning(
                    "\(atNextStart.joined(separator: ", ")): changed in the configuration, and holds from the next start on"
                )
            }
        } catch {
            logger.error(
                "The configuration was not reloaded, and what held before holds: \(error)",
                metadata: JournalEvent.reloadFailed.metadata)
            service.noteReload(
                problem: "the configuration was not reloaded, and what held before holds: \(error)")
        }
        // One that stops has told the manager so.
        if !Task.isShuttingDownGracefully { ServiceManager.notify(.ready, .status(await status.text())) }
        return holding
    }

    /// Returns why the models were left as they were; nil where they were not.
    private func take(_ settings: DaemonSettings) async throws -> String? {
        let fresh = ModelLoader(settings: settings, logger: logger)
        let kept = try await service.reconfigure(settings.service) { [service, gallery] in
            let models = try await fresh.load(for: gallery)
            if let failure = models.unfollowed.first { throw failure }
            // At a start the other models are served; here what is served now is not given up for a mistake.
            for loss in models.lost where loss.modality.map(service.decides(on:)) ?? false {
                throw ReloadRefusal(reason: loss.reason)
            }
            fresh.tell(of: models)
            return ServedModels(models.recognizers, lost: models.lost)
        }
        if kept == nil { loader.use(fresh) }
        SpareCores.shared.use(cores: settings.service.workerCount)
        logLevel.use(settings.configuration.log.loggerLevel)
        return kept.map { "the models are as they were until another reload, which follows by itself (\($0))" }
    }

    /// Sends the signal again when the models can be changed.
    private func reloadAfterChange() {
        Task { [service] in
            repeat {
                guard (try? await Task.sleep(for: .seconds(30))) != nil else { return }
            } while service.isChangingModels
            kill(getpid(), SIGHUP)
        }
    }
}

/// A model that is used now could not be any more.
private struct ReloadRefusal: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
}
