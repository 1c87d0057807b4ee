// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Synchronization
import Varlink

/// What somebody apart from the configuration says of a user who would change what is enrolled of himself.
public enum Consent: Sendable, Hashable {
    case given
    case refused(AuthorizationRefusal)
}

/// Asks for a consent, for as long as the asked takes. A cancelled task ends the question.
public typealias ConsentSource = @Sendable (_ peer: PeerCredentials) async -> Consent

/// Has users asked before they change what is enrolled of themselves: one question a user at a time, and few in all, since each
/// may wait for somebody who types a password.
final class SelfEnrollment: Sendable {
    private static let mostQuestions = 16

    private struct State {
        var isStopping = false
        var questions: [UInt32: Task<Consent, Never>] = [:]
    }

    private let source: ConsentSource?
    private let state = Mutex(State())

    /// - Parameter source: nil where nobody can be asked, and therefore nobody may enrol himself.
    init(_ source: ConsentSource?) {
        self.source = source
    }

    /// Returns where the consent is given, and nowhere else.
    ///
    /// - Throws: ``ServiceFailure``, or `CancellationError` where the caller has gone.
    func obtainConsent(of peer: PeerCredentials) async throws {
        guard let source else { throw ServiceFailure.notAuthorized(.noAuthority) }
        let user = peer.userID
        let question = try state.withLock { state throws(ServiceFailure) in
            guard !state.isStopping else { throw .stopping }
            guard state.questions[user] == nil else { throw .busyWithCaller(limit: 1) }
            guard state.questions.count < Self.mostQuestions else { throw .busy(limit: Self.mostQuestions) }
            let question = Task { await source(peer) }
            state.questions[user] = question
            return question
        }
        let consent = await withTaskCancellationHandler {
            await question.value
        } onCancel: {
            question.cancel()
        }
        let isStopping = state.withLock { state in
            state.questions[user] = nil
            return state.isStopping
        }
        try Task.checkCancellation()
        if isStopping { throw ServiceFailure.stopping }
        switch consent {
        case .given: return
        case .refused(let refusal): throw ServiceFailure.notAuthorized(refusal)
        }
    }

    /// Ends the questions there are and asks none any more.
    func stop() {
        let questions = state.withLock { state in
            state.isStopping = true
            return state.questions.values
        }
        for question in questions { question.cancel() }
    }
}
