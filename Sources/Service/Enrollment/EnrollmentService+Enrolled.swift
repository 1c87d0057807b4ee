// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface

extension EnrollmentService {
    /// How many identities a page of a list holds.
    private static let pageLength = 256

    func remove(_ parameters: Remove, by caller: Caller) async throws -> Remove.Reply {
        let name = try IdentityName(sent: parameters.identity)
        try await caller.checkChange(of: name)
        do throws(GalleryError) {
            let removal = try await gallery.remove(name, sample: parameters.sample, by: caller.actor)
            return Remove.Reply(removed: removal.removed, remaining: removal.remaining)
        } catch {
            throw ServiceFailure(error)
        }
    }

    func describe(_ parameters: Describe, for caller: Caller) async throws -> Describe.Reply {
        let name = try IdentityName(sent: parameters.identity)
        try await caller.checkSight(of: name)
        guard let details = try await gallery.details(of: name) else {
            throw ServiceFailure.noSuchIdentity(identity: name.text)
        }
        return Describe.Reply(
            identity: WireIdentity(details.identity),
            samples: details.samples.map { WireSample($0, withMeasurements: caller.grants.score) },
            model: try await modelDigest(of: details.identity.modality))
    }

    /// Replies with pages when the caller takes several replies, with one reply otherwise: the gallery as it was when
    /// the call came.
    func list(_ call: ServiceCall<List>) async throws -> List.Reply {
        var identities: ArraySlice<EnrolledIdentity>
        do throws(GalleryError) {
            identities = try await gallery.store.identities()[...]
        } catch {
            throw ServiceFailure(error)
        }
        while call.more, identities.count >= Self.pageLength {
            try Task.checkCancellation()
            let page = identities.prefix(Self.pageLength)
            try await call.replyContinuing(List.Reply(identities: page.map(WireIdentity.init)))
            identities = identities.dropFirst(page.count)
        }
        return List.Reply(identities: identities.map(WireIdentity.init))
    }

    /// The model that the samples of a modality were embedded with, loaded or not.
    private func modelDigest(of modality: Modality) async throws -> String {
        if let model = models[modality] { return model.description.digest.hexadecimal }
        do throws(GalleryError) {
            let generations = try await gallery.store.activeGenerations()
            return generations.first { $0.model.modality == modality }?.model.digest.hexadecimal ?? ""
        } catch {
            throw ServiceFailure(error)
        }
    }
}

extension WireIdentity {
    fileprivate init(_ identity: EnrolledIdentity) {
        self.init(
            name: identity.name.text, modality: identity.modality, samples: identity.sampleCount,
            enrolled: Int(identity.enrolled.wholeSeconds), updated: Int(identity.updated.wholeSeconds))
    }
}

extension WireSample {
    fileprivate init(_ sample: EnrolledSample, withMeasurements: Bool) {
        self.init(
            number: sample.number, enrolled: Int(sample.enrolled.wholeSeconds), width: sample.width,
            height: sample.height, measurements: withMeasurements ? sample.measurements.map { WireMeasurement($0) } : []
        )
    }
}
