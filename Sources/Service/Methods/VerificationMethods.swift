// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Varlink

extension ServiceInterfaceHandler {
    /// `io.likeness.Verification`.
    static func verification(_ service: LikenessService) -> ServiceInterfaceHandler {
        ServiceInterfaceHandler(
            name: InterfaceNames.verification, interfaceDescription: InterfaceDescriptions.verification,
            service: service,
            methods: [
                "Enroll": .work(.enroll) { call in
                    let parameters = try call.decode(EnrollMethod.Parameters.self)
                    call.record.isAbout(parameters.identity)
                    let reply = try await service.enroll(parameters, call)
                    call.record.cameTo("sample \(reply.sample)")
                    return reply
                },
                "Verify": .work(.verify) { call in
                    let parameters = try call.decode(VerifyMethod.Parameters.self)
                    call.record.isAbout(parameters.identity)
                    let reply = try await service.verify(parameters, call)
                    call.record.cameTo(reply.result.rawValue)
                    return reply
                },
                "Identify": .work(.verify) { call in
                    let reply = try await service.identify(try call.decode(IdentifyMethod.Parameters.self), call)
                    call.record.cameTo(reply.result.rawValue)
                    if reply.result == .match { call.record.isAbout(reply.candidates.first?.identity) }
                    return reply
                },
                "Remove": .work(.enroll) { call in
                    let parameters = try call.decode(RemoveMethod.Parameters.self)
                    call.record.isAbout(parameters.identity)
                    let reply = try await service.remove(parameters, by: call.peer)
                    call.record.cameTo("\(reply.removed) removed")
                    return reply
                },
                "Describe": .reading(.enroll) { call in
                    let parameters = try call.decode(DescribeMethod.Parameters.self)
                    call.record.isAbout(parameters.identity)
                    return try await service.describe(parameters, for: call.grants)
                },
                "List": .reading(.enroll) { call in
                    try await service.list(call.wire)
                    return nil
                },
            ])
    }
}
