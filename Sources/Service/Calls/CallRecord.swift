// SPDX-License-Identifier: Apache-2.0

import Biometrics
import LikenessInterface
import Logging
import Synchronization
import Varlink

/// What the journal says of one call: who asked for what about whom, how it ended and how long it took. Images
/// and embeddings are never in it.
final class CallRecord: Sendable {
    private struct Subject {
        var identity: String?
        var result: String?
    }

    private let begun = ContinuousClock.now
    private let method: String
    private let peer: PeerCredentials
    private let names: JournalNames
    private let logger: Logger
    private let metrics: ServiceMetrics
    private let subject = Mutex(Subject())

    init(_ call: VarlinkCall, journal: ServiceJournal, metrics: ServiceMetrics) {
        self.metrics = metrics
        method = call.method
        peer = call.peer
        names = journal.names
        logger = journal.logger
    }

    /// Whom the call is about, as the caller spelt it.
    func isAbout(_ identity: String?) {
        subject.withLock { $0.identity = identity }
    }

    /// The sample or the sort of answer.
    func cameTo(_ result: String) {
        subject.withLock { $0.result = result }
    }

    /// - Parameter isLogged: whether the journal is told.
    func succeeded(isLogged: Bool) {
        count(result.flatMap(WireResult.init)?.rawValue ?? "ok")
        guard isLogged else { return }
        log(.info, "\(method) is answered", result: result ?? "ok")
    }

    func failed(_ failure: ServiceFailure) {
        count(Self.shortName(failure.name))
        let words =
            if case .rotationImpossible(let identities, let count, _) = failure, !identities.isEmpty, !names.areShown {
                "\(count) of those who are enrolled stand in the way"
            } else {
                names.text("\(failure)")
            }
        log(
            failure.isInternal ? .error : .notice, "\(method) is refused: \(words)",
            result: Self.shortName(failure.name), isLimited: true)
    }

    func refused(_ error: VarlinkError) {
        count(Self.shortName(error.name))
        log(.notice, "\(method) is refused: \(error)", result: Self.shortName(error.name), isLimited: true)
    }

    func denied(_ role: Role) {
        count("PermissionDenied")
        // Where several roles do, those that open it to anybody first.
        let roles = role == .enrollSelf ? [.enroll, role] : [role]
        let names = roles.map { "“\($0.rawValue)”" }.joined(separator: " or ")
        let settings = roles.map { "access.\($0.rawValue)" }.joined(separator: " or ")
        log(
            .warning,
            "\(method) is denied: the user has not the role \(names); \(settings) in the configuration names who has",
            result: "PermissionDenied", isLimited: true)
    }

    /// What was done before the caller went stays done, and is told.
    func abandoned() {
        count("abandoned")
        if let result {
            log(.notice, "\(method) is done, but the caller has gone before the reply", result: result, isLimited: true)
        } else {
            log(.info, "\(method) is abandoned: the caller has gone", result: "abandoned", isLimited: true)
        }
    }

    func undelivered(_ error: any Error) {
        count("undelivered")
        log(
            .notice, "\(method) has no reply that could be delivered: \(names.text("\(error)"))",
            result: result ?? "undelivered", isLimited: true)
    }

    private func count(_ result: String) {
        metrics.ended(method, result: result, after: begun.duration(to: .now))
    }

    private var result: String? { subject.withLock { $0.result } }

    private static func shortName(_ name: String) -> String {
        name.split(separator: ".").last.map(String.init) ?? name
    }

    /// - Parameter isLimited: whether a user who causes many such lines is told of by their number.
    private func log(_ level: Logger.Level, _ message: String, result: String, isLimited: Bool = false) {
        var message = message
        if isLimited {
            guard let passedOver = names.limiter.take(peer.userID) else { return }
            if passedOver > 0 {
                message += " (and \(passedOver) calls of this user before it, which the journal was not told of)"
            }
        }
        let (seconds, attoseconds) = begun.duration(to: .now).components
        var metadata: Logger.Metadata = [
            "method": "\(method)", "result": "\(result)", "uid": "\(peer.userID)", "pid": "\(peer.processID)",
            "duration_ms": "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)",
        ]
        for (key, value) in names.fields(for: subject.withLock { $0.identity }) { metadata[key] = "\(value)" }
        logger.log(level: level, "\(message)", metadata: metadata)
    }
}
