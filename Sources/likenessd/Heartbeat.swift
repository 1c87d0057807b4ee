// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Logging
import Monitoring
import Service
import ServiceLifecycle

/// Tells the service manager at intervals that the daemon is well, after it has looked, and how it stands.
struct Heartbeat: ServiceLifecycle.Service {
    let service: LikenessService
    let status: StatusLine
    /// What the status line says at the beginning, when the manager hears that the daemon is ready.
    let first: String
    let logger: Logger
    /// Called once, when the stop begins.
    let whenStopping: @Sendable () -> Void

    /// How often the status line is looked after when nobody watches.
    private static let unwatchedInterval = Duration.seconds(30)

    func run() async throws {
        // Half of what the manager allows, as sd_watchdog_enabled(3) advises.
        let interval = ServiceManager.watchdogInterval().map { $0 / 2 } ?? Self.unwatchedInterval
        var last = first
        await withGracefulShutdownHandler {
            while true {
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }
                if Task.isShuttingDownGracefully || Task.isCancelled { return }
                if await service.selfCheck() {
                    ServiceManager.notify(.watchdog)
                } else {
                    logger.error(
                        "The self-check failed; the watchdog is not told",
                        metadata: JournalEvent.selfCheckFailed.metadata)
                }
                let text = await status.text()
                if text != last { ServiceManager.notify(.status(text)) }
                last = text
            }
        } onGracefulShutdown: {
            whenStopping()
        }
    }
}
