import LikenessInterface
import Testing
import Varlink

@Suite("The project's own interfaces")
struct DescribedInterfacesTests {
    @Test("are valid descriptions and declare what the types are named after")
    func valid() throws {
        let verification = try InterfaceDescription(parsing: InterfaceDescriptions.verification)
        let admin = try InterfaceDescription(parsing: InterfaceDescriptions.admin)
        let declared = [verification, admin].flatMap { interface in interface.methods.map { "\(interface.name).\($0)" } }
        for name in [
            EnrollMethod.name, VerifyMethod.name, IdentifyMethod.name, ListMethod.name, DescribeMethod.name,
            RemoveMethod.name, StatusMethod.name, ListModelsMethod.name, ListGenerationsMethod.name, RotateModelMethod.name,
            RotationStatusMethod.name, CancelRotationMethod.name, RollbackMethod.name, PruneGenerationsMethod.name, AuditMethod.name,
            VerifyAuditMethod.name, CheckGalleryMethod.name, RepairGalleryMethod.name, BackupMethod.name, ExportGalleryMethod.name,
            ImportIdentityMethod.name, RekeyMethod.name,
        ] { #expect(declared.contains(name), "\(name)") }
        let failures: [ServiceFailure] = [
            .noSuchIdentity(identity: ""), .noSuchSample(identity: "", sample: 1), .noUsableSample(identity: "", message: ""), .tooManySamples(identity: "", limit: 5),
            .invalidName(message: ""), .imageRejected(cause: "", message: ""), .noFace(message: ""), .severalFaces(count: 2),
            .lowQuality(unacceptable: []), .modalityMismatch(identity: nil, message: ""),
            .noSuchOperatingPoint(asked: 1, available: []), .busy(limit: 1), .internal(message: ""),
        ]
        for failure in failures {
            #expect(verification.errors.map { "\(verification.name).\($0)" }.contains(failure.name), "\(failure.name)")
        }
    }
}
