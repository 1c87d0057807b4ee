// SPDX-License-Identifier: Apache-2.0

import Biometrics
import LikenessInterface

/// The models that a daemon's gallery was embedded by, which is what it compares by, whatever the folder of models says
/// is chosen.
public struct GalleryModels: Sendable {
    private let generations: [WireGeneration]

    public init(_ generations: [WireGeneration]) {
        self.generations = generations
    }

    /// Asks a daemon. Empty where none answers, or none that lets this user ask.
    public init(asking client: DaemonClient) async {
        let reply = try? await client.call(ListGenerations())
        self.init(reply?.generations ?? [])
    }

    /// Why a model cannot be spared; nil where it can.
    public func need(of digest: ModelDigest) -> String? {
        let own = generations.filter { $0.model.digest == digest.hexadecimal }
        if let active = own.first(where: { $0.state == .active }) {
            return
                "the daemon's gallery is compared by it (generation \(active.id), \(active.model.modality.rawValue)); rotate to another first"
        }
        if own.contains(where: { $0.state == .building }) {
            return "a rotation to it is under way; wait for it, or cancel it"
        }
        return own.isEmpty ? nil : "it is kept to roll back to; give that up with enroll rotate --prune first"
    }

    /// How a gallery that is compared by another model comes to one that has just been imported; nil where there is
    /// none.
    public func rotation(to model: ModelSummary) -> String? {
        let others = generations.filter { generation in
            generation.state == .active && generation.model.modality == model.model.modality
                && generation.model.digest != model.model.digest
        }
        guard !others.isEmpty else { return nil }
        // Versions of one model have one name.
        let isNamesake = others.contains { $0.model.name == model.model.name }
        let name = isNamesake ? IdentityText.shortDigest(model.model.digest) : model.model.name
        return
            "enroll rotate \(name) brings what is enrolled to it, and takes effect at once, without a restart of the daemon"
    }

    /// What is said of a modality whose gallery is compared by another model than the chosen one; empty where there is
    /// none.
    public func difference(from chosen: [ModelSummary]) -> String {
        generations.filter { generation in
            generation.state == .active
                && chosen.contains {
                    $0.active && $0.model.modality == generation.model.modality
                        && $0.model.digest != generation.model.digest
                }
        }.map { generation in
            let model = generation.model
            return PrintableText.of(
                "enroll: the daemon compares \(model.modality.rawValue) samples by \(model.name) \(model.version) "
                    + "(\(IdentityText.shortDigest(model.digest))), which they were embedded by; the chosen model is that of a gallery without any, "
                    + "and enroll rotate changes to it") + "\n"
        }.joined()
    }
}
