import Gallery

/// The daemon in one line, as `systemctl status` shows it.
struct StatusLine: Sendable {
    let gallery: SQLiteGallery
    let model: String

    func text() async -> String {
        guard let counts = try? await gallery.counts() else { return "The gallery does not answer" }
        return "Ready: \(counts.identities) \(counts.identities == 1 ? "identity" : "identities"), model \(model), not encrypted"
    }
}
