// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Varlink

extension LikenessService {
    /// What answers each method of both interfaces.
    var methods: [ServiceMethod] { verificationMethods + stateMethods + rotationMethods + maintenanceMethods }

    private var verificationMethods: [ServiceMethod] {
        [
            ServiceMethod(enroll(_:_:)), ServiceMethod(verify(_:_:)), ServiceMethod(identify(_:_:)),
            ServiceMethod { (parameters: Remove, call) in try await self.remove(parameters, by: call.actor) },
            ServiceMethod { (parameters: Describe, call) in try await self.describe(parameters, for: call.grants) },
            ServiceMethod { (_: List, call) in try await self.list(call) },
        ]
    }

    /// How the daemon is, and who is locked out.
    private var stateMethods: [ServiceMethod] {
        [
            ServiceMethod { (_: Status, call) in try await self.status(for: call.grants) },
            ServiceMethod { (_: ListModels, call) in ListModels.Reply(models: self.wireModels(for: call.grants)) },
            ServiceMethod { (parameters: Unlock, call) in try await self.unlock(parameters, by: call.actor) },
            ServiceMethod(audit(_:_:)),
            ServiceMethod { (_: VerifyAudit, _) in try await self.verifyAudit() },
        ]
    }

    private var rotationMethods: [ServiceMethod] {
        [
            ServiceMethod { (_: ListGenerations, _) in
                ListGenerations.Reply(generations: try await self.wireGenerations())
            },
            ServiceMethod { (parameters: RotateModel, call) in
                RotateModel.Reply(rotation: try await self.rotateModel(parameters, call).shown(to: call.grants))
            },
            ServiceMethod { (_: RotationStatus, call) in
                RotationStatus.Reply(
                    rotation: self.rotation.current?.shown(to: call.grants),
                    generations: try await self.wireGenerations())
            },
            ServiceMethod { (_: CancelRotation, call) in
                CancelRotation.Reply(
                    rotation: try await self.cancelRotation(by: call.actor).shown(to: call.grants))
            },
            ServiceMethod { (parameters: Rollback, call) in try await self.rollBack(parameters, by: call.actor) },
            ServiceMethod { (parameters: PruneGenerations, call) in
                try await self.prune(parameters.modality, by: call.actor)
            },
        ]
    }

    private var maintenanceMethods: [ServiceMethod] {
        [
            ServiceMethod { (_: CheckGallery, call) in try await self.checkGallery(call) },
            ServiceMethod { (_: RepairGallery, call) in try await self.repairGallery(by: call.actor) },
            ServiceMethod { (_: Backup, call) in try await self.backUp(call) },
            ServiceMethod { (_: ExportGallery, call) in try await self.exportGallery(call) },
            ServiceMethod { (parameters: ImportIdentity, call) in
                try await self.importIdentity(parameters, by: call.caller)
            },
            ServiceMethod { (_: Rekey, call) in try await self.rekey(call) },
        ]
    }
}
