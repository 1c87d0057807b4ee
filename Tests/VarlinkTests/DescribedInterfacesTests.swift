// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Testing
import Varlink

@Suite("The project's own interfaces")
struct DescribedInterfacesTests {
    @Test("are valid descriptions, and declare what the types are named after and nothing else")
    func valid() throws {
        let verification = try InterfaceDescription(parsing: InterfaceDescriptions.verification)
        let admin = try InterfaceDescription(parsing: InterfaceDescriptions.admin)
        let interfaces = [verification, admin]
        let methods = interfaces.flatMap { interface in interface.methods.map { "\(interface.name).\($0)" } }
        #expect(methods.sorted() == LikenessMethods.all.map { $0.name }.sorted())
        let failures: [ServiceFailure] = [
            .noSuchIdentity(identity: ""), .noSuchSample(identity: "", sample: 1),
            .noUsableSample(identity: "", message: ""), .tooManySamples(identity: "", limit: 5),
            .lastSample(identity: "", sample: 1),
            .invalidName(message: ""), .reservedName(identity: ""), .notAuthorized(.refused),
            .imageRejected(cause: "", message: ""),
            .noFace(message: ""),
            .severalFaces(count: 2),
            .lowQuality(unacceptable: []), .modalityMismatch(identity: nil, message: ""),
            .noSuchOperatingPoint(asked: 1, available: []),
            .noSuchIdentificationRate(asked: 1, references: 1, available: []), .busy(limit: 1),
            .busyWithCaller(limit: 1), .stopping,
            .backupRunning,
            .tooManyAttempts(retryAfter: 1, isLockOut: true), .noSuchModel(message: ""),
            .rotationImpossible(identities: [], count: 0, message: ""),
            .rotationRunning(message: ""), .noRotation, .nothingToRollBack(message: ""), .identityExists(identity: ""),
            .noUsableEmbedding(identity: "", message: ""), .galleryDamaged(message: ""), .notSupported(message: ""),
        ]
        let errors = interfaces.flatMap { interface in interface.errors.map { "\(interface.name).\($0)" } }
        let named = Set(failures.map(\.name)).union(
            interfaces.map { ServiceFailure.internal(message: "").name(answering: $0.name) } + [
                ServiceFailure.rotationRefusedName
            ])
        #expect(Set(errors) == named)
    }
}
