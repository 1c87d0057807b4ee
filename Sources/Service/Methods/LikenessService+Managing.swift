import Biometrics
import Foundation
import Gallery
import LikenessInterface
import Varlink

extension LikenessService {
    /// How many identities a page of a list holds.
    static let pageLength = 256

    func remove(_ parameters: RemoveMethod.Parameters, by peer: PeerCredentials) async throws -> RemoveMethod.Reply {
        let name = try identityName(parameters.identity)
        do throws(GalleryError) {
            let removal = try await gallery.remove(
                name, sample: parameters.sample, by: AuditActor(user: peer.userID, process: peer.processID))
            return RemoveMethod.Reply(removed: removal.removed, remaining: removal.remaining)
        } catch {
            throw ServiceFailure(error)
        }
    }

    func describe(_ parameters: DescribeMethod.Parameters) async throws -> DescribeMethod.Reply {
        let name = try identityName(parameters.identity)
        guard let details = try await details(of: name) else {
            throw ServiceFailure.noSuchIdentity(identity: name.text)
        }
        return DescribeMethod.Reply(
            identity: WireIdentity(details.identity), samples: details.samples.map(WireSample.init),
            model: try await modelDigest(of: details.identity.modality))
    }

    /// Replies with pages when the caller takes several replies, with one reply otherwise. Pages are read one after
    /// the other: who is enrolled or removed meanwhile may be in the list or not, everybody else is in it once.
    func list(_ call: VarlinkCall) async throws {
        var identities: [WireIdentity] = []
        var last: IdentityName?
        while true {
            try Task.checkCancellation()
            let page: [EnrolledIdentity]
            do throws(GalleryError) {
                page = try await gallery.store.identities(after: last, limit: Self.pageLength)
            } catch {
                throw ServiceFailure(error)
            }
            identities += page.map(WireIdentity.init)
            guard page.count == Self.pageLength else { break }
            last = page.last?.name
            if call.more {
                try await call.replyContinuing(ListMethod.Reply(identities: identities))
                identities = []
            }
        }
        try await call.reply(ListMethod.Reply(identities: identities))
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
            enrolled: Int(identity.enrolled.timeIntervalSince1970), updated: Int(identity.updated.timeIntervalSince1970))
    }
}

extension WireSample {
    fileprivate init(_ sample: EnrolledSample) {
        self.init(
            number: sample.number, enrolled: Int(sample.enrolled.timeIntervalSince1970), width: sample.width,
            height: sample.height, measurements: sample.measurements.map { WireMeasurement($0) })
    }
}
