import Biometrics
import LikenessInterface
import Synchronization
import Varlink

/// `io.likeness.Verification` on a service.
struct VerificationHandler: VarlinkInterfaceHandler {
    let service: LikenessService

    var interfaceDescription: String { InterfaceDescriptions.verification }

    func handle(_ call: VarlinkCall) async throws {
        service.counters.requests.add(1, ordering: .relaxed)
        var record = CallRecord(call, logger: service.logger)
        let role = Self.role(for: call.method)
        guard await service.access.allows(call.peer, role) else {
            record.denied(role)
            throw VarlinkError.permissionDenied
        }
        do {
            try await answer(call, &record)
            record.succeeded()
        } catch where Task.isCancelled {
            // Whatever the work then failed with, the caller's going is the reason.
            record.abandoned()
            throw CancellationError()
        } catch let failure as ServiceFailure {
            if failure.isBusy { service.counters.refusedBusy.add(1, ordering: .relaxed) }
            record.failed(failure)
            throw try VarlinkError(name: failure.name, encoding: failure)
        } catch let error as VarlinkError {
            record.refused(error)
            throw error
        } catch is CancellationError {
            record.abandoned()
            throw CancellationError()
        } catch {
            record.undelivered(error)
            throw error
        }
    }

    private static func role(for method: String) -> Role {
        switch method {
        case "Verify", "Identify": .verify
        case "Enroll", "Remove", "List", "Describe": .enrol
        default: .admin
        }
    }

    /// The methods that a stop waits for are those that compare or change.
    private func answer(_ call: VarlinkCall, _ record: inout CallRecord) async throws {
        switch call.method {
        case "Enroll":
            let parameters = try call.decodeParameters(EnrollMethod.Parameters.self)
            record.identity = parameters.identity
            let reply = try await service.admission.admit { try await service.enroll(parameters, by: call.peer) }
            record.result = "sample \(reply.sample)"
            try await call.reply(reply)
        case "Verify":
            let parameters = try call.decodeParameters(VerifyMethod.Parameters.self)
            record.identity = parameters.identity
            let reply = try await service.admission.admit {
                let reply = try await service.verify(parameters)
                try await service.auditComparison(
                    .verify, by: call.peer, identity: reply.identity, model: reply.model, result: reply.result)
                return reply
            }
            record.result = reply.result.rawValue
            try await call.reply(reply)
        case "Identify":
            let parameters = try call.decodeParameters(IdentifyMethod.Parameters.self)
            let reply = try await service.admission.admit {
                let reply = try await service.identify(parameters)
                try await service.auditComparison(
                    .identify, by: call.peer, identity: reply.result == .match ? reply.candidates.first?.identity : nil, model: reply.model,
                    result: reply.result)
                return reply
            }
            record.result = reply.result.rawValue
            if reply.result == .match { record.identity = reply.candidates.first?.identity }
            try await call.reply(reply)
        case "Remove":
            let parameters = try call.decodeParameters(RemoveMethod.Parameters.self)
            record.identity = parameters.identity
            let reply = try await service.admission.admit { try await service.remove(parameters, by: call.peer) }
            record.result = "\(reply.removed) removed"
            try await call.reply(reply)
        case "Describe":
            let parameters = try call.decodeParameters(DescribeMethod.Parameters.self)
            record.identity = parameters.identity
            try await call.reply(try await service.describe(parameters))
        case "List":
            try await service.list(call)
        default:
            throw VarlinkError.methodNotImplemented(call.method)
        }
    }
}

extension ServiceFailure {
    fileprivate var isBusy: Bool {
        switch self {
        case .busy, .busyWithCaller, .stopping: true
        default: false
        }
    }
}
