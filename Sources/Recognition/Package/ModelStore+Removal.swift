import Foundation

extension ModelStore {
    /// Removes a package in one step: what is left of it after a crash no longer counts as one.
    ///
    /// When it was chosen as the active one, nothing is chosen afterwards.
    public func remove(_ entry: Entry) throws(ModelPackageError) {
        let wasActive = (try? activeEntry())?.digest == entry.digest
        let outgoing = folder + "/.outgoing-" + UUID().uuidString
        try PackageFiles.rename(entry.path, to: outgoing)
        do {
            let choice = folder + "/" + Self.activeFile
            if wasActive, FileManager.default.fileExists(atPath: choice) { try FileManager.default.removeItem(atPath: choice) }
            try FileManager.default.removeItem(atPath: outgoing)
        } catch {
            throw .unwritable(path: entry.path, reason: error.localizedDescription)
        }
    }
}
