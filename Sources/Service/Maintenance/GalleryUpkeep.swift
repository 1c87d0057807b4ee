// SPDX-License-Identifier: Apache-2.0

import Gallery
import Monitoring
import Synchronization

/// What a service does for its gallery by itself: it forgets what is kept no longer, and looks after the files.
final class GalleryUpkeep: Sendable {
    private static let trimInterval = Duration.seconds(3600)

    private let store: any GalleryStore
    private let configuration: CurrentConfiguration
    private let attempts: AttemptLedger
    private let journal: ServiceJournal
    private let trimmed = Mutex(ContinuousClock.now)
    /// What somebody else did to the gallery's files, as last seen; nil where that is nothing.
    private let disturbance = Mutex<GalleryError?>(nil)

    init(
        store: any GalleryStore, configuration: CurrentConfiguration, attempts: AttemptLedger, journal: ServiceJournal
    ) {
        self.store = store
        self.configuration = configuration
        self.attempts = attempts
        self.journal = journal
    }

    /// What somebody else did to the gallery's files, in words.
    var problem: String? { disturbance.withLock { $0?.description } }

    /// Forgets what is kept no longer, where that was not done lately.
    func trimNowAndThen() async {
        let isDue = trimmed.withLock { last in
            guard last.duration(to: .now) > Self.trimInterval else { return false }
            last = .now
            return true
        }
        guard isDue else { return }
        await attempts.auditFailures()
        await trimAudit()
        await attempts.trim()
    }

    /// Takes out of the audit log what is kept no longer.
    func trimAudit() async {
        let retention = configuration.value.auditRetention
        guard retention != .forever else { return }
        do {
            let removed = try await store.trimAudit(retention)
            if removed > 0 {
                journal.logger.notice("\(removed) entries of the audit log were older than is kept, and are removed")
            }
        } catch {
            journal.logger.error("Old entries of the audit log cannot be removed: \(error)")
        }
    }

    /// Looks whether somebody else has to do with the gallery's files. The journal is told once of each thing, and once
    /// when it is over.
    func lookAfterFiles() async {
        var found: GalleryError?
        do throws(GalleryError) {
            try await store.requireUndisturbed()
        } catch {
            // Everything else is told when the gallery is asked for something.
            guard case .disturbed = error else { return }
            found = error
        }
        let before = disturbance.withLock { disturbance in
            defer { disturbance = found }
            return disturbance
        }
        guard found != before else { return }
        if let found {
            journal.logger.critical("\(found)", metadata: JournalEvent.galleryDisturbed.metadata)
        } else {
            journal.logger.notice(
                "The gallery's files are in their place again, and changes are possible",
                metadata: JournalEvent.galleryRestored.metadata)
        }
    }
}
