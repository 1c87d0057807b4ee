// SPDX-License-Identifier: Apache-2.0

import Gallery

extension LikenessService {
    /// Looks whether somebody else has to do with the gallery's files. The journal is told once of each thing, and once
    /// when it is over.
    func lookAfterFiles() async {
        var found: GalleryError?
        do throws(GalleryError) {
            try await gallery.store.requireUndisturbed()
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
            logger.critical("\(found)")
        } else {
            logger.notice("The gallery's files are in their place again, and changes are possible")
        }
    }
}
