// SPDX-License-Identifier: Apache-2.0

import Gallery

/// Embeds the samples of a gallery by the model of a generation, from the images that are kept.
struct GenerationBuilder: Sendable {
    /// How many samples are embedded between two transactions.
    static let page = 32

    let store: any GalleryStore

    /// Embeds what a generation lacks, to a last few that were enrolled meanwhile, while other changes of the gallery
    /// go on.
    func embedMost(of generation: Generation, with background: BackgroundEmbedder) async throws(GalleryError) {
        var last: Int64 = 0, pending: [PendingSample]
        repeat {
            pending = try await store.pendingSamples(in: generation.id, after: last, limit: Self.page)
            last = pending.last?.id ?? last
            if !pending.isEmpty { try await embed(pending, of: generation, with: background) }
        } while pending.count == Self.page
    }

    /// Embeds whatever a generation lacks, while no other change of the gallery runs.
    func embedRest(of generation: Generation, with background: BackgroundEmbedder) async throws(GalleryError) {
        while case let pending = try await store.pendingSamples(in: generation.id, after: 0, limit: Self.page),
            !pending.isEmpty
        {
            try await embed(pending, of: generation, with: background)
        }
    }

    /// Embeds some samples, and stores what came of them in one transaction.
    func embed(
        _ pending: [PendingSample], of generation: Generation, with background: BackgroundEmbedder
    ) async throws(GalleryError) {
        let outcomes = await background.outcomes(of: pending.map(\.image))
        try await store.store(zip(pending, outcomes).map { ($0.id, $1) }, in: generation.id)
    }
}
