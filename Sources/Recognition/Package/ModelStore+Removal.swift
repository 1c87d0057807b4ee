// SPDX-License-Identifier: Apache-2.0

import Foundation
import Wording

extension ModelStore {
    /// Removes a package in one step: what is left of it after a crash no longer counts as one.
    ///
    /// When it was chosen as the active one of its modality, nothing is chosen for that afterwards.
    public func remove(_ entry: Entry) throws(ModelPackageError) {
        let outgoing = folder + "/.outgoing-" + UUID().uuidString
        try PackageFiles.rename(entry.path, to: outgoing)
        try forget(entry.digest)
        do {
            try FileManager.default.removeItem(atPath: outgoing)
        } catch {
            throw .unwritable(path: entry.path, reason: SystemReason.of(error))
        }
    }
}
