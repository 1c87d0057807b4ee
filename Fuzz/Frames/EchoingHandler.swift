// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Varlink

/// Answers the calls of an interface with their own parameters, read as the types that the daemon reads them as.
struct EchoingHandler: VarlinkInterfaceHandler {
    let interfaceDescription: String
    private let methods: [String: any LikenessMethod.Type]

    static let all = [
        EchoingHandler(InterfaceDescriptions.verification, of: InterfaceNames.verification),
        EchoingHandler(InterfaceDescriptions.admin, of: InterfaceNames.admin),
    ]

    private static let types: [any LikenessMethod.Type] = [
        Audit.self, Backup.self, CancelRotation.self, CheckGallery.self, Compare.self, Describe.self, Detect.self,
        Enroll.self, ExportGallery.self, Identify.self, IdentifyAll.self, ImportIdentity.self, List.self,
        ListGenerations.self, ListModels.self, Metrics.self, PruneGenerations.self, Rekey.self, Remove.self,
        RepairGallery.self, Rollback.self, RotateModel.self, RotationStatus.self, Status.self, Unlock.self, Verify.self,
        VerifyAudit.self, VerifyFrames.self,
    ]

    private init(_ description: String, of interface: String) {
        interfaceDescription = description
        methods = Dictionary(
            uniqueKeysWithValues: Self.types.filter { $0.interface == interface }.map { ($0.method, $0) })
    }

    func parameters(of method: String) -> any (Decodable & Sendable).Type { methods[method] ?? NoFields.self }

    func handle(_ call: VarlinkCall) async throws {
        guard let type = methods[call.method] else { throw VarlinkError.methodNotImplemented(call.method) }
        try await answer(call, as: type)
    }

    private func answer<Method: LikenessMethod>(_ call: VarlinkCall, as type: Method.Type) async throws {
        let parameters = try call.parameters(as: type)
        _ = parameters.subject
        if call.more { try await call.replyContinuing(parameters) }
        try await call.reply(parameters)
    }
}
