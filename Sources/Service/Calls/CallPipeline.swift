// SPDX-License-Identifier: Apache-2.0

import Gallery
import LikenessInterface
import Synchronization
import Varlink

/// The one way that every call of every method goes: the role of the caller, admission, the parameters, the method's
/// work with its entry in the audit log, the reply, and the journal. What differs from method to method is stated by
/// ``LikenessMethod``.
struct CallPipeline: Sendable {
    let access: AccessControl
    let selfEnrollment: SelfEnrollment
    let admission: Admission
    let counters: ServiceCounters
    let store: any GalleryStore
    let configuration: CurrentConfiguration
    let journal: ServiceJournal
    let metrics: ServiceMetrics

    func answer<Method: LikenessMethod>(
        _ wire: VarlinkCall, _ work: @Sendable (Method, ServiceCall<Method>) async throws -> Method.Reply
    ) async throws {
        if Method.interface == InterfaceNames.verification { counters.requests.add(1, ordering: .relaxed) }
        let record = CallRecord(wire, journal: journal, metrics: metrics)
        let caller = Caller(
            peer: wire.peer, grants: await access.grants(of: wire.peer), accounts: access.accounts,
            selfEnrollment: selfEnrollment)
        let rules = Method.rules
        guard caller.grants.allows(rules.role) else {
            record.denied(rules.role)
            throw VarlinkError.permissionDenied
        }
        let call = ServiceCall<Method>(wire, by: caller, in: self)
        do {
            let reply =
                rules.stop == .refuses
                ? try await admission.admit { try await result(of: call, wire, record, work) }
                : try await result(of: call, wire, record, work)
            try await wire.reply(reply)
            record.succeeded(isLogged: rules.isLogged)
        } catch  where Task.isCancelled {
            // Whatever the work then failed with, the caller's going is the reason.
            record.abandoned()
            throw CancellationError()
        } catch let error as GalleryError {
            throw try refusal(ServiceFailure(error), of: call, record)
        } catch let failure as ServiceFailure {
            throw try refusal(failure, of: call, record)
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

    /// Does the work, and notes what the journal is to be told of it.
    private func result<Method: LikenessMethod>(
        of call: ServiceCall<Method>, _ wire: VarlinkCall, _ record: CallRecord,
        _ work: @Sendable (Method, ServiceCall<Method>) async throws -> Method.Reply
    ) async throws -> Method.Reply {
        let parameters = try wire.parameters(as: Method.self)
        record.isAbout(parameters.subject)
        let reply = try await work(parameters, call)
        if let outcome = Method.outcome(of: reply) { record.cameTo(outcome) }
        if let subject = Method.subject(of: reply) { record.isAbout(subject) }
        return reply
    }

    private func refusal<Method: LikenessMethod>(
        _ failure: ServiceFailure, of call: ServiceCall<Method>, _ record: CallRecord
    ) throws -> VarlinkError {
        if failure.isBusy { counters.refusedBusy.add(1, ordering: .relaxed) }
        record.failed(failure)
        return try VarlinkError(
            name: failure.name(answering: Method.interface),
            encoding: call.grants.score ? failure : failure.withoutExactValues)
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

/// What has happened since the start.
final class ServiceCounters: Sendable {
    /// Calls of `io.likeness.Verification`, refused ones too.
    let requests = Atomic(0)
    let refusedBusy = Atomic(0)
}
