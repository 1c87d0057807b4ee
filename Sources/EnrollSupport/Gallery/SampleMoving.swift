// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Varlink
import Wording

/// A sample that is to be one of another identity.
public struct SampleMoving: Sendable {
    private let call: MoveSample

    public init(identity: String, sample: Int, to other: String, create: Bool, last: Bool) {
        call = MoveSample(
            identity: identity, sample: sample, to: other, create: create ? true : nil, last: last ? true : nil)
    }

    /// - Throws: the daemon's failure; of a name that nobody is enrolled under, with how to enrol somebody.
    public func reply(of client: DaemonClient) async throws(CommandFailure) -> MoveSample.Reply {
        do throws(CommandFailure) {
            return try await client.call(call)
        } catch
            where error.name == "\(InterfaceNames.verification).NoSuchIdentity"
            && error.parameters["identity"] != .string(call.identity)
        {
            throw error.followed(by: "--create enrols “\(call.to)” with this sample")
        }
    }

    public func text(_ reply: MoveSample.Reply) -> String {
        let name = PrintableText.of(call.identity), other = PrintableText.of(reply.identity)
        let left =
            reply.remaining == 0
            ? "nobody is enrolled as \(name) any more"
            : "\(NumberText.count(reply.remaining, "sample")) of \(name) left"
        return "sample \(call.sample) of \(name) is now sample \(reply.sample) of \(other)"
            + (reply.created ? ", who is enrolled with it; " : "; ") + left + "\n"
    }

    /// What goes to standard error: the daemon's warnings.
    public func complaints(_ reply: MoveSample.Reply) -> String {
        reply.warnings.map { "enroll: warning: \(PrintableText.of($0.message))\n" }.joined()
    }
}
