// SPDX-License-Identifier: Apache-2.0

import Foundation
import Wording

extension ModelStore {
    /// Removes a package in one step: what is left of it after a crash no longer counts as one.
    ///
    /// When it was chosen as the active one of its modality, nothing is chosen for that afterwards.
    public func remove(_ entry: Entry) throws(ModelPackageError) {
        try removeFolder(entry.path) { () throws(ModelPackageError) in try forget(entry.digest) }
    }

    /// - Parameter body: what is done once the folder no longer counts as a package, and before its files are removed.
    func removeFolder(
        _ path: String, then body: () throws(ModelPackageError) -> Void
    ) throws(ModelPackageError) {
        let outgoing = folder + "/.outgoing-" + UUID().uuidString
        try PackageFiles.rename(path, to: outgoing)
        try body()
        do {
            try FileManager.default.removeItem(atPath: outgoing)
        } catch {
            throw .unwritable(path: path, reason: SystemReason.of(error))
        }
    }
}
