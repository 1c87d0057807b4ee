// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Recognition
import Synchronization

/// For each modality the generation before the active one, as it was in memory when another became active. A rollback
/// then reads only who has changed since, where it would read every embedding, from all over a file that the system may
/// long have dropped from its cache.
final class RetiredIndexes: Sendable {
    private struct Entry {
        let index: GalleryIndex
        var changed: Set<IdentityName> = []
    }

    private let entries = Mutex<[Modality: Entry]>([:])

    func keep(_ index: GalleryIndex) {
        entries.withLock { $0[index.model.modality] = Entry(index: index) }
    }

    /// To be called before a change of an identity, since one that fails may have happened too.
    func note(_ name: IdentityName) {
        entries.withLock { entries in
            for modality in entries.keys { entries[modality]?.changed.insert(name) }
        }
    }

    /// Gives up what is kept of a modality, and returns it, with the identities that have changed since, if it is of
    /// that generation.
    func take(
        _ generation: Generation, rule: IdentityReference.Rule
    ) -> (index: GalleryIndex, changed: Set<IdentityName>)? {
        entries.withLock { entries in
            guard let entry = entries.removeValue(forKey: generation.model.modality),
                entry.index.generation == generation.id,
                entry.index.rule == rule
            else { return nil }
            return (entry.index, entry.changed)
        }
    }

    /// - Parameter modality: nil for all.
    func forget(_ modality: Modality? = nil) {
        entries.withLock { entries in
            if let modality { entries[modality] = nil } else { entries = [:] }
        }
    }
}
