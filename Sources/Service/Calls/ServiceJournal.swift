// SPDX-License-Identifier: Apache-2.0

import Gallery
import Logging
import Monitoring

/// What the parts of a service tell the journal outside of calls, without names where there are to be none.
struct ServiceJournal: Sendable {
    let logger: Logger
    let names: JournalNames

    /// Words that may quote names, as the journal may have them.
    func text(_ words: String) -> String { names.text(words) }

    /// Tells what of the gallery cannot be read.
    func tell(of damage: [GalleryDamage]) {
        for damage in damage {
            logger.error(
                "The gallery is damaged, and this is left out: \(text(damage.what))",
                metadata: JournalEvent.galleryDamaged.metadata)
        }
    }
}
