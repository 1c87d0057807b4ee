import Biometrics
import LikenessInterface
import Logging
import Varlink

/// What the journal says of one call: who asked for what about whom, how it ended and how long it took. Images
/// and embeddings are never in it.
struct CallRecord: Sendable {
    private let begun = ContinuousClock.now
    private let method: String
    private let peer: PeerCredentials
    private let logger: Logger
    /// Whom the call is about, as the caller spelt it.
    var identity: String?
    /// The sample or the sort of answer.
    var result: String?

    init(_ call: VarlinkCall, logger: Logger) {
        method = call.method
        peer = call.peer
        self.logger = logger
    }

    func succeeded() {
        log(.info, "\(method) is answered", result: result ?? "ok")
    }

    func failed(_ failure: ServiceFailure) {
        log(failure.isInternal ? .error : .notice, "\(method) is refused: \(failure)", result: Self.shortName(failure.name))
    }

    func refused(_ error: VarlinkError) {
        log(.notice, "\(method) is refused: \(error)", result: Self.shortName(error.name))
    }

    func denied(_ role: Role) {
        log(.warning, "\(method) is denied: the user has not the role “\(role.rawValue)”", result: "PermissionDenied")
    }

    /// What was done before the caller went stays done, and is told.
    func abandoned() {
        if let result {
            log(.notice, "\(method) is done, but the caller has gone before the reply", result: result)
        } else {
            log(.info, "\(method) is abandoned: the caller has gone", result: "abandoned")
        }
    }

    func undelivered(_ error: any Error) {
        log(.notice, "\(method) has no reply that could be delivered: \(error)", result: result ?? "undelivered")
    }

    private static func shortName(_ name: String) -> String {
        name.split(separator: ".").last.map(String.init) ?? name
    }

    private func log(_ level: Logger.Level, _ message: String, result: String) {
        let (seconds, attoseconds) = begun.duration(to: .now).components
        var metadata: Logger.Metadata = [
            "method": "\(method)", "result": "\(result)", "uid": "\(peer.userID)", "pid": "\(peer.processID)",
            "duration_ms": "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)",
        ]
        // It is the caller's text, and may be no name at all: bounded in bytes, since one character can have millions.
        if let identity { metadata["identity"] = "\(String(decoding: identity.utf8.prefix(IdentityName.maximumBytes), as: UTF8.self))" }
        logger.log(level: level, "\(message)", metadata: metadata)
    }
}
