// SPDX-License-Identifier: Apache-2.0

import Gallery

/// The daemon in one line, as `systemctl status` shows it.
struct StatusLine: Sendable {
    let gallery: any GalleryStore
    /// The names and versions of those that decisions rest on now.
    let models: @Sendable () -> [String]
    /// What keeps the daemon from a part of its work.
    let problem: @Sendable () -> String?

    func text() async -> String {
        guard let counts = try? await gallery.counts(), let encryption = try? await gallery.encryption() else {
            return "The gallery does not answer"
        }
        if let problem = problem() { return "Not all of it works: \(problem)" }
        let models = models()
        return "Ready: \(counts.identities) \(counts.identities == 1 ? "identity" : "identities"), "
            + "\(models.count == 1 ? "model" : "models") \(models.joined(separator: ", ")), \(encryption.isComplete ? "encrypted" : "not encrypted")"
    }
}
