// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import Testing

@Suite struct ServiceFailureTests {
    private static let everyFailure: [ServiceFailure] = [
        .noSuchIdentity(identity: "alice"),
        .noSuchSample(identity: "alice", sample: 3),
        .noUsableSample(identity: "alice", message: "none of them can be compared"),
        .tooManySamples(identity: "alice", limit: 5),
        .invalidName(message: "m"),
        .reservedName(identity: "alice"), .notAuthorized(.refused), .notAuthorized(.noAuthority),
        .lastSample(identity: "alice", sample: 1),
        .imageRejected(cause: "truncated", message: "m"),
        .noFace(message: "m"),
        .severalFaces(count: 2),
        .severalFaces(count: 2, picture: "the first picture"),
        .lowQuality(unacceptable: [WireMeasurement(quantity: "brightness", value: 12.34, minimum: 40)]),
        .modalityMismatch(identity: "alice", message: "m"),
        .noSuchOperatingPoint(asked: 0.5, available: [0.01, 0.001]),
        .noSuchIdentificationRate(asked: 1e-3, references: 50, available: [0.4, 0.05]),
        .busy(limit: 32),
        .stopping,
        .tooManyAttempts(retryAfter: 1, isLockOut: true),
        .tooManyAtOnce(asked: 3, allowed: 2, retryAfter: 0),
        .bringsLockOut(identity: "alice", to: "bob", retryAfter: 60),
        .noSuchModel(message: "m"),
        .rotationImpossible(identities: ["alice"], count: 1, message: "m"),
        .rotationRunning(message: "m"),
        .noRotation,
        .rotationRefused(report: report, message: "m"),
        .nothingToRollBack(message: "m"),
        .identityExists(identity: "alice"),
        .noUsableEmbedding(identity: "alice", message: "m"),
        .galleryDamaged(message: "m"),
        .notSupported(message: "m"),
        .internal(message: "m"),
    ]

    private static let report = WireRotationReport(
        samples: 2, embedded: 1, refused: 1, refusals: [WireRefusal(identity: "alice", sample: 2, reason: "r")],
        before: WireSeparation(genuinePairs: 1, impostorPairs: 0),
        after: WireSeparation(genuinePairs: 0, impostorPairs: 0),
        disagreeing: 0, disagreements: [], maxDrop: 0.01, acceptable: false, objections: ["o"])

    @Test(arguments: everyFailure)
    func `every failure is an error that the interface declares, with just its parameters`(
        _ failure: ServiceFailure
    ) throws {
        let shortName = try #require(failure.name.split(separator: ".").last)
        let interface =
            failure.name.hasPrefix(InterfaceNames.admin)
            ? InterfaceDescriptions.admin : InterfaceDescriptions.verification
        let declaration = try #require(
            interface.split(separator: "\n").first { $0.hasPrefix("error \(shortName) (") })
        let declared = declaration.split(separator: "(", maxSplits: 1)[1].split(separator: ")")[0].split(separator: ",")
            .map { $0.split(separator: ":")[0].trimmingCharacters(in: .whitespaces) }
        let encoded = try JSONSerialization.jsonObject(with: JSONEncoder().encode(failure)) as? [String: Any]
        #expect(Set(try #require(encoded).keys) == Set(declared))
        #expect(encoded?["message"] as? String == failure.description)
    }

    @Test func `what both interfaces declare has the name of the one that answers`() {
        #expect(
            ServiceFailure.internal(message: "m").name(answering: InterfaceNames.admin) == "io.likeness.Admin.Internal")
        #expect(
            ServiceFailure.internal(message: "m").name(answering: InterfaceNames.verification)
                == "io.likeness.Verification.Internal")
        #expect(ServiceFailure.busy(limit: 1).name(answering: InterfaceNames.admin) == "io.likeness.Verification.Busy")
        #expect(
            ServiceFailure.noRotation.name(answering: InterfaceNames.verification) == "io.likeness.Admin.NoRotation")
    }

    @Test func `a measurement out of its limits is told with value, limit and remedy`() {
        let failure = ServiceFailure.lowQuality(unacceptable: [
            WireMeasurement(quantity: "brightness", value: 12.34, minimum: 40)
        ])
        #expect(
            failure.description
                == "the image is not good enough to enrol: the face is too dark: brightness 12.34, and at least 40 is needed; add light"
        )
    }
}
