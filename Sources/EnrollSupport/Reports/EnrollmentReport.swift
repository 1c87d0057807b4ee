// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Varlink
import Wording

/// What became of the photographs that one `enroll add` was given, in their order.
public struct EnrollmentReport: Sendable {
    public struct Outcome: Sendable {
        public let photograph: String
        public let result: Result<Enroll.Reply, CommandFailure>

        public init(photograph: String, result: Result<Enroll.Reply, CommandFailure>) {
            self.photograph = photograph
            self.result = result
        }
    }

    public let identity: String
    public let outcomes: [Outcome]

    public init(identity: String, outcomes: [Outcome]) {
        self.identity = identity
        self.outcomes = outcomes
    }

    private var replies: [Enroll.Reply] { outcomes.compactMap { try? $0.result.get() } }

    /// That of the first photograph that failed.
    public var status: CommandStatus { firstFailure?.status ?? .success }

    private var firstFailure: CommandFailure? {
        for outcome in outcomes {
            if case .failure(let failure) = outcome.result { return failure }
        }
        return nil
    }

    /// A line for each sample that is enrolled now, and one that says how it stands.
    public var text: String {
        let lines = outcomes.compactMap { outcome -> String? in
            guard case .success(let reply) = outcome.result else { return nil }
            return "\(outcome.photograph): enrolled as sample \(reply.sample) of \(reply.identity)"
        }
        let enrolled = "\(replies.count) of \(NumberText.count(outcomes.count, "image")) enrolled"
        let summary =
            replies.last.map { "\(enrolled); \($0.identity) has \(NumberText.count($0.samples, "sample"))" }
            ?? "\(enrolled); nothing has changed"
        // After one photograph there is nothing more to tell.
        let isComplete = outcomes.count == 1 && replies.count == 1
        return (lines + (isComplete ? [] : [hasUnknown ? "\(enrolled) for certain" : summary]))
            .map { PrintableText.of($0) + "\n" }.joined()
    }

    /// What goes to standard error: the failures and the daemon's warnings.
    public var complaints: String {
        outcomes.map { outcome in
            switch outcome.result {
            case .success(let reply):
                reply.warnings.map { "enroll: warning: \(PrintableText.of("\(outcome.photograph): \($0.message)"))\n" }
                    .joined()
            case .failure(let failure): failure.line
            }
        }.joined()
    }

    /// Whether an answer did not arrive, so that the sample may be enrolled all the same.
    private var hasUnknown: Bool {
        outcomes.contains { outcome in
            guard case .failure(let failure) = outcome.result else { return false }
            return Self.leavesOpen(failure)
        }
    }

    /// A failure to enrol one photograph; where nobody knows whether it was enrolled, it says so.
    public static func failure(_ failure: CommandFailure, photograph: String, identity: String) -> CommandFailure {
        guard leavesOpen(failure) else { return failure.about(photograph) }
        return CommandFailure(
            failure.status, name: failure.name,
            message: "\(photograph): \(failure.message); it may be enrolled or not, see enroll show \(identity)",
            parameters: failure.parameters)
    }

    /// Whether nobody knows if it was enrolled.
    static func leavesOpen(_ failure: CommandFailure) -> Bool {
        ["ConnectionClosed", "Timeout", "BadReply"].contains(failure.name)
    }
}

extension EnrollmentReport: Encodable {
    private enum CodingKeys: String, CodingKey {
        case identity, enrolled, failed, results
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(replies.first?.identity ?? identity, forKey: .identity)
        try container.encode(replies.count, forKey: .enrolled)
        try container.encode(outcomes.count - replies.count, forKey: .failed)
        try container.encode(outcomes, forKey: .results)
    }
}

extension EnrollmentReport.Outcome: Encodable {
    private enum CodingKeys: String, CodingKey {
        case photograph, error
    }

    /// The photograph, and beside it the fields of the daemon's reply or the `error`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(photograph, forKey: .photograph)
        switch result {
        case .success(let reply): try reply.encode(to: encoder)
        case .failure(let failure): try container.encode(failure, forKey: .error)
        }
    }
}
