// SPDX-License-Identifier: Apache-2.0

import Gallery
import LikenessInterface
import Varlink

/// An interface on a service. Every call of every method goes one way: role, admission, the method itself, which
/// charges a comparison by ``LikenessService/counted(_:for:identity:_:)``, the reply, and the journal.
struct ServiceInterfaceHandler: VarlinkInterfaceHandler {
    /// The interface's name.
    let name: String
    let interfaceDescription: String
    let service: LikenessService
    /// By their names within the interface.
    let methods: [String: ServiceMethod]

    func handle(_ call: VarlinkCall) async throws {
        if name == InterfaceNames.verification { service.counters.requests.add(1, ordering: .relaxed) }
        let record = CallRecord(call, names: service.journalNames, logger: service.logger)
        guard let method = methods[call.method] else { throw VarlinkError.methodNotImplemented(call.method) }
        let grants = service.access.grants(of: call.peer)
        guard grants.allows(method.role) else {
            record.denied(method.role)
            throw VarlinkError.permissionDenied
        }
        do {
            let answering = ServiceCall(wire: call, grants: grants, record: record)
            let reply =
                method.isAdmitted
                ? try await service.admission.admit { try await method.answer(answering) }
                : try await method.answer(answering)
            if let reply { try await call.reply(reply) }
            if method.isTold { record.succeeded() }
        } catch  where Task.isCancelled {
            // Whatever the work then failed with, the caller's going is the reason.
            record.abandoned()
            throw CancellationError()
        } catch let error as GalleryError {
            throw try refusal(ServiceFailure(error), grants, record)
        } catch let failure as ServiceFailure {
            throw try refusal(failure, grants, record)
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

    private func refusal(_ failure: ServiceFailure, _ grants: Grants, _ record: CallRecord) throws -> VarlinkError {
        if failure.isBusy { service.counters.refusedBusy.add(1, ordering: .relaxed) }
        record.failed(failure)
        return try VarlinkError(
            name: failure.name(answering: name), encoding: grants.score ? failure : failure.withoutExactValues)
    }
}

extension ServiceFailure {
    fileprivate var isBusy: Bool {
        switch self {
        case .busy, .busyWithCaller, .stopping, .backupRunning: true
        default: false
        }
    }

    /// What a caller without the grant `score` is told of an image.
    fileprivate var withoutExactValues: ServiceFailure {
        switch self {
        case .lowQuality(let unacceptable): .lowQuality(unacceptable: unacceptable.map(\.roundedAwayFromLimit))
        case .rotationRefused(let report, let message):
            .rotationRefused(report: report.withoutDistances, message: message)
        default: self
        }
    }
}
