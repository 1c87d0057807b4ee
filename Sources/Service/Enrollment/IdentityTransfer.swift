// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Imaging
import LikenessInterface
import Varlink
import Wording

/// ExportGallery and ImportIdentity: identities with all that a gallery holds of them, from one daemon to another.
struct IdentityTransfer: Sendable {
    let models: ActiveModels
    let gallery: EnrolledGallery
    let workers: ActiveWorkers
    let follower: GalleryFollower
    let configuration: CurrentConfiguration

    var methods: [ServiceMethod] {
        [
            ServiceMethod { (_: ExportGallery, call) in try await exportGallery(call) },
            ServiceMethod { (parameters: ImportIdentity, call) in
                try await importIdentity(parameters, by: call.caller)
            },
        ]
    }

    /// Sends everything that is enrolled, one identity a reply.
    func exportGallery(_ call: ServiceCall<ExportGallery>) async throws -> ExportGallery.Reply {
        guard call.more else { throw VarlinkError.expectedMore }
        try await call.enter(.exportGallery)
        let readable = try await gallery.store.readableIdentities()
        let names = readable.identities.map(\.name)
        var damage = readable.damage.map(WireDamage.init)
        for (place, name) in names.enumerated() {
            try Task.checkCancellation()
            // Removed since the list was made.
            guard let content = try await gallery.store.content(of: name) else { continue }
            try await call.replyContinuing(
                ExportGallery.Reply(
                    identity: WireExportedIdentity(content), done: place + 1, total: names.count,
                    damage: damage + content.damage.map(WireDamage.init)))
            damage = []
        }
        return ExportGallery.Reply(done: names.count, total: names.count, damage: damage)
    }

    /// Enrols an exported identity.
    func importIdentity(
        _ parameters: ImportIdentity, by caller: Caller
    ) async throws -> ImportIdentity.Reply {
        let replaces = parameters.replace ?? false, skips = parameters.skipExisting ?? false
        guard !(replaces && skips) else { throw VarlinkError.invalidParameter("skip_existing") }
        let identity = parameters.identity
        let name = try IdentityName(sent: identity.name)
        if skips, try await gallery.details(of: name) != nil {
            return ImportIdentity.Reply(result: .skipped, reembedded: 0)
        }
        let model = try models.model(of: identity.modality)
        let numbers = identity.samples.map(\.number),
            times = [identity.enrolled, identity.updated] + identity.samples.map(\.enrolled)
        guard times.allSatisfy(ImportIdentity.times.contains), !numbers.isEmpty,
            Set(numbers).count == numbers.count,
            numbers.allSatisfy({ $0 >= 1 && $0 < Int(Int32.max) })
        else {
            throw VarlinkError.invalidParameter("identity")
        }
        var samples: [IdentityContent.Sample] = [], reembedded = 0
        do {
            for sample in identity.samples.sorted(by: { $0.number < $1.number }) {
                let (content, isFresh) = try await content(of: sample, name: name, model: model, caller: caller.user)
                samples.append(content)
                reembedded += isFresh ? 1 : 0
            }
            let result = try await gallery.put(
                IdentityContent(
                    name: name, modality: identity.modality,
                    enrolled: Date(timeIntervalSince1970: TimeInterval(identity.enrolled)),
                    updated: Date(timeIntervalSince1970: TimeInterval(identity.updated)), samples: samples),
                replacing: replaces, by: caller.actor)
            return ImportIdentity.Reply(
                result: result == .imported ? .imported : .replaced, reembedded: reembedded)
        } catch GalleryError.wrongEmbedding(let reason) {
            // The import may have met the activation of another model, here or by another daemon.
            if gallery.store.isShared { try await follower.followGenerations() }
            guard models[identity.modality]?.description.digest != model.description.digest else {
                throw ServiceFailure.noUsableEmbedding(
                    identity: name.text,
                    message: "an embedding of “\(name)” is none of the model \(model.description): \(reason)")
            }
            return try await importIdentity(parameters, by: caller)
        }
    }

    /// A sample with an embedding by the active model: the one that came with it, or a fresh one of its image.
    private func content(
        of sample: WireExportedSample, name: IdentityName, model: LoadedModel, caller: UInt32
    ) async throws -> (content: IdentityContent.Sample, isFresh: Bool) {
        guard let original = ModelDigest(hexadecimal: sample.original)?.bytes, sample.width > 0, sample.height > 0
        else {
            throw VarlinkError.invalidParameter("identity")
        }
        let measurements = sample.measurements.compactMap(QualityMeasurement.init)
        let image = try sample.image.map { text throws(ServiceFailure) in
            try Base64Image.decode(text, limits: configuration.value.images)
        }
        var outcomes: [ModelDigest: EmbeddingOutcome] = [:]
        for exported in sample.embeddings {
            guard let digest = ModelDigest(hexadecimal: exported.model), let numbers = exported.numbers,
                let embedding = Embedding(values: numbers, model: digest)
            else { throw VarlinkError.invalidParameter("identity") }
            outcomes[digest] = .embedded(embedding)
        }
        let digest = model.description.digest
        var isFresh = false
        if outcomes[digest] == nil {
            guard let text = sample.image else {
                throw ServiceFailure.noUsableEmbedding(
                    identity: name.text,
                    message:
                        "sample \(sample.number) of “\(name)” has neither an embedding by the model \(model.description) nor an image to embed; enrol it again"
                )
            }
            let probe = try await workers.embed(
                ProbeRequest(
                    modality: model.description.modality, image: text, takesLargestFace: false, purpose: .importing,
                    caller: caller))
            if let model = probe.embedding?.model, model != digest {
                throw GalleryError.wrongEmbedding(reason: "another model was activated meanwhile")
            }
            guard let embedding = probe.embedding else {
                throw ServiceFailure.noUsableEmbedding(
                    identity: name.text,
                    message: "the model \(model.description) makes nothing of sample \(sample.number) of “\(name)”")
            }
            outcomes[digest] = .embedded(embedding)
            isFresh = true
        }
        let kept: StoredImageKind? = sample.kind.flatMap { StoredImageKind(rawValue: $0.rawValue) }
        return (
            IdentityContent.Sample(
                sample: EnrolledSample(
                    number: sample.number, enrolled: Date(timeIntervalSince1970: TimeInterval(sample.enrolled)),
                    kept: kept,
                    width: sample.width, height: sample.height, measurements: measurements, original: original),
                image: image, outcomes: outcomes),
            isFresh
        )
    }
}

extension WireExportedIdentity {
    fileprivate init(_ content: IdentityContent) {
        self.init(
            name: content.name.text, modality: content.modality, enrolled: Int(content.enrolled.wholeSeconds),
            updated: Int(content.updated.wholeSeconds), samples: content.samples.map(WireExportedSample.init))
    }
}

extension WireExportedSample {
    fileprivate init(_ content: IdentityContent.Sample) {
        let sample = content.sample
        self.init(
            number: sample.number, enrolled: Int(sample.enrolled.wholeSeconds),
            image: content.image.map { Data($0).base64EncodedString() },
            kind: content.image == nil ? nil : sample.kept.flatMap { Kind(rawValue: $0.rawValue) }, width: sample.width,
            height: sample.height,
            original: HexadecimalText.of(sample.original),
            measurements: sample.measurements.map { WireMeasurement($0) },
            embeddings: content.outcomes.sorted { $0.key.hexadecimal < $1.key.hexadecimal }.compactMap {
                digest, outcome in
                guard case .embedded(let embedding) = outcome else { return nil }
                return WireExportedEmbedding(model: digest.hexadecimal, numbers: embedding.values)
            })
    }
}

extension QualityMeasurement {
    /// Nil for a quantity that this version does not know.
    fileprivate init?(_ wire: WireMeasurement) {
        guard let quantity = Quantity(rawValue: wire.quantity) else { return nil }
        self.init(quantity, wire.value, minimum: wire.minimum, maximum: wire.maximum)
    }
}
