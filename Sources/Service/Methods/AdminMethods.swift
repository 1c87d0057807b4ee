// SPDX-License-Identifier: Apache-2.0

import Gallery
import LikenessInterface
import Varlink

extension ServiceInterfaceHandler {
    /// `io.likeness.Admin`.
    static func admin(_ service: LikenessService) -> ServiceInterfaceHandler {
        ServiceInterfaceHandler(
            name: InterfaceNames.admin, interfaceDescription: InterfaceDescriptions.admin, service: service,
            methods: state(service).merging(rotation(service)) { first, _ in first }.merging(maintenance(service)) {
                first, _ in first
            })
    }

    /// How the daemon is, and who is locked out.
    private static func state(_ service: LikenessService) -> [String: ServiceMethod] {
        [
            // Everyone who may call the daemon may ask for its status.
            "Status": .reading(.verify, isTold: false) { call in try await service.status(for: call.grants) },
            "ListModels": .reading(.admin, isTold: false) { call in
                ListModelsMethod.Reply(models: service.wireModels(for: call.grants))
            },
            "Unlock": .work(.admin) { call in
                let parameters = try call.decode(UnlockMethod.Parameters.self)
                call.record.isAbout(parameters.identity)
                let reply = try await service.unlock(parameters, by: call.peer)
                call.record.cameTo("\(reply.removed) removed")
                return reply
            },
            "Audit": .reading(.admin) { call in
                try await service.audit(call.wire, try call.decode(AuditMethod.Parameters.self))
                return nil
            },
            "VerifyAudit": .reading(.admin) { call in
                let reply = try await service.verifyAudit()
                call.record.cameTo(reply.intact ? "intact" : "broken")
                return reply
            },
        ]
    }

    private static func rotation(_ service: LikenessService) -> [String: ServiceMethod] {
        [
            "ListGenerations": .reading(.admin, isTold: false) { _ in
                ListGenerationsMethod.Reply(generations: try await service.wireGenerations())
            },
            // A stop waits for its beginning, and not for callers that follow it to its end.
            "RotateModel": .reading(.admin) { call in
                let rotation = try await service.rotateModel(
                    call.wire, try call.decode(RotateModelMethod.Parameters.self))
                call.record.cameTo(rotation.phase.rawValue)
                return RotateModelMethod.Reply(rotation: call.grants.score ? rotation : rotation.withoutDistances)
            },
            "RotationStatus": .reading(.enroll, isTold: false) { call in
                RotationStatusMethod.Reply(
                    rotation: service.rotation.current.map { call.grants.score ? $0 : $0.withoutDistances },
                    generations: try await service.wireGenerations())
            },
            "CancelRotation": .reading(.admin) { call in
                let rotation = try await service.cancelRotation(by: call.actor)
                call.record.cameTo(rotation.phase.rawValue)
                return CancelRotationMethod.Reply(rotation: call.grants.score ? rotation : rotation.withoutDistances)
            },
            "Rollback": .work(.admin) { call in
                let parameters = try call.decode(RollbackMethod.Parameters.self)
                let reply = try await service.rollBack(parameters.modality, by: call.peer)
                call.record.cameTo("\(reply.active.model.name) \(reply.active.model.version)")
                return reply
            },
            "PruneGenerations": .work(.admin) { call in
                let parameters = try call.decode(PruneGenerationsMethod.Parameters.self)
                let reply = try await service.prune(parameters.modality, by: call.peer)
                call.record.cameTo("\(reply.generations) removed")
                return reply
            },
        ]
    }

    private static func maintenance(_ service: LikenessService) -> [String: ServiceMethod] {
        [
            "CheckGallery": .reading(.admin) { call in
                let reply = try await service.checkGallery(call.wire)
                call.record.cameTo("\(reply.damaged) damaged")
                return reply
            },
            "RepairGallery": .work(.admin) { call in
                let reply = try await service.repairGallery(by: call.peer)
                call.record.cameTo("\(reply.removed) removed")
                return reply
            },
            "Backup": .reading(.admin) { call in
                try await service.backUp(call.wire)
                return nil
            },
            "ExportGallery": .reading(.admin) { call in
                try await service.exportGallery(call.wire)
                return nil
            },
            "ImportIdentity": .work(.admin) { call in
                let parameters = try call.decode(ImportIdentityMethod.Parameters.self)
                call.record.isAbout(parameters.identity.name)
                let reply = try await service.importIdentity(parameters, by: call.peer)
                call.record.cameTo(reply.result.rawValue)
                return reply
            },
            "Rekey": .work(.admin) { call in
                let reply = try await service.rekey(call.wire)
                call.record.cameTo("key \(reply.key)")
                return reply
            },
        ]
    }
}
