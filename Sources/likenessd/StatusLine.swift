import Gallery

/// The daemon in one line, as `systemctl status` shows it.
struct StatusLine: Sendable {
    let gallery: SQLiteGallery
    /// Their names and versions.
    let models: [String]

    func text() async -> String {
        guard let counts = try? await gallery.counts() else { return "The gallery does not answer" }
        return "Ready: \(counts.identities) \(counts.identities == 1 ? "identity" : "identities"), "
            + "\(models.count == 1 ? "model" : "models") \(models.joined(separator: ", ")), not encrypted"
    }
}
