// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition

/// IdentifyAll: each face of a picture is a probe of its own, and counts as one.
extension ComparisonService {
    /// - Throws: as ``verify(_:_:)``.
    func identifyAll(_ parameters: IdentifyAll, _ call: ServiceCall<IdentifyAll>) async throws -> IdentifyAll.Reply {
        let threshold = try SearchThreshold(
            falseMatchRate: parameters.operatingPoint, identificationRate: parameters.identificationRate,
            of: call.caller)
        _ = try models.modality(.face)
        // The first face is charged before a worker looks at the picture.
        let first = try await attempts.begin(call.caller, for: parameters.user, identity: nil)
        let faces = LookedAtFaces()
        defer { attempts.owe(call.caller, for: parameters.user, faces.count - 1) }
        let group: Group
        do {
            group = try await self.group(of: parameters, at: threshold, call.caller, faces)
        } catch {
            attempts.settle(first, .undecided)
            throw error
        }
        let found = try await identifications(in: group, of: call.caller, for: parameters.user, first: first)
        let model = group.model.description.digest, picture = group.picture
        try await call.enter(
            found.compactMap(\.identification).map {
                AuditEvent(
                    .identify, by: call.actor, identity: $0.matched, model: model,
                    result: $0.comparison.decision.result.rawValue)
            })
        return IdentifyAll.Reply(
            width: picture.width, height: picture.height, found: picture.found,
            faces: found.map { $0.face(for: call.grants, of: picture) },
            threshold: call.grants.score ? group.model.calibration.score(distance: group.point.threshold) : nil,
            operatingPoint: group.point.falseMatchRate,
            falsePositiveIdentification: WireIdentificationRate(
                IdentificationRate(group.point, references: group.index.referenceCount)),
            model: model.hexadecimal, generation: Int(group.index.generation))
    }

    /// The faces of a picture, and what they are compared with.
    private struct Group {
        let picture: ProbedPicture
        let index: GalleryIndex
        let model: LoadedModel
        let point: OperatingPoint
    }

    private func group(
        of parameters: IdentifyAll, at threshold: SearchThreshold, _ caller: Caller, _ faces: LookedAtFaces
    ) async throws -> Group {
        for _ in 0..<Self.comparisonAttempts {
            let model = try models.model(of: .face)
            _ = try threshold.point(of: model, references: gallery.index(of: .face)?.referenceCount ?? 0)
            let picture = try await workers.look(
                ProbeRequest(
                    modality: .face, image: parameters.image, takesLargestFace: false, purpose: .groupComparison,
                    caller: caller.user(asking: parameters.user), faces: faces))
            guard !picture.probes.isEmpty else { throw ServiceFailure(RecognitionError.noFace) }
            guard picture.model == model.description.digest,
                let index = try index(of: .face, for: picture.probes, by: model)
            else { continue }
            return Group(
                picture: picture, index: index, model: model,
                point: try threshold.point(of: model, references: index.referenceCount))
        }
        throw Self.changesTooOften
    }

    /// Compares one face after the other, so that what matches is given back before the next is charged. Once a charge
    /// is refused, no further face is compared.
    private func identifications(
        in group: Group, of caller: Caller, for user: Int?, first: AttemptLedger.Ticket
    ) async throws -> [IdentifiedFace] {
        var faces: [IdentifiedFace] = [], waiting: AttemptLedger.Ticket? = first, refusal: ServiceFailure?
        for probe in group.picture.probes {
            if waiting == nil, refusal == nil {
                do {
                    waiting = try await attempts.begin(caller, for: user, identity: nil, isFurther: true)
                } catch let failure as ServiceFailure {
                    guard case .tooManyAttempts = failure else { throw failure }
                    refusal = failure
                }
            }
            guard let ticket = waiting else {
                faces.append(IdentifiedFace(probe: probe, refusal: refusal))
                continue
            }
            waiting = nil
            do throws(ServiceFailure) {
                let identification = try Identification(
                    of: probe, in: group.index, by: group.model, at: group.point, limit: 1)
                attempts.settle(ticket, AttemptLedger.Outcome(WireResult(identification.comparison.decision.result)))
                faces.append(IdentifiedFace(probe: probe, identification: identification))
            } catch {
                attempts.settle(ticket, .undecided)
                throw error
            }
        }
        return faces
    }
}

/// A face of a group, identified or not.
private struct IdentifiedFace {
    let probe: Probe
    var identification: Identification?
    /// Why it was not compared.
    var refusal: ServiceFailure?

    func face(for grants: Grants, of picture: ProbedPicture) -> WireIdentifiedFace {
        let box =
            probe.face.map { WireBox($0.box) }
            ?? WireBox(left: 0, top: 0, width: Double(picture.width), height: Double(picture.height))
        if let identification { return identification.face(for: grants, box: box) }
        return WireIdentifiedFace(
            box: box, result: .inconclusive, nearest: nil, measurements: probe.measurements(for: grants),
            unacceptable: probe.unacceptable(for: grants),
            message: "not compared" + (refusal.map { ": \($0)" } ?? ""))
    }
}
