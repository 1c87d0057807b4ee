// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Varlink

/// Rotates a gallery to another model.
public struct RotationRun: Sendable {
    private let client: DaemonClient
    private let call: RotateModel

    public init(client: DaemonClient, model: String, dryRun: Bool, maxDrop: Double?) {
        self.client = client
        call = RotateModel(model: model, dryRun: dryRun ? true : nil, maxDrop: maxDrop)
    }

    /// Begins the rotation and returns.
    public func start() async throws(CommandFailure) -> WireRotation {
        try await client.call(call).rotation
    }

    /// Begins the rotation and follows it to its end.
    ///
    /// - Parameter show: is told how far it is.
    /// - Throws: a failure also where the model was not activated; ``report(of:)`` has what a refusal rests on.
    public func follow(show: (WireRotation) -> Void) async throws(CommandFailure) -> WireRotation {
        var last: WireRotation?
        try await client.follow(call) { reply in
            show(reply.rotation)
            last = reply.rotation
        }
        guard let last, last.phase.isEnd else {
            throw CommandFailure(
                .protocolError, name: "BadReply",
                message:
                    "the daemon stopped telling about the rotation before its end; enroll rotate --status tells how far it is"
            )
        }
        if let failure = CommandFailure(last) { throw failure }
        return last
    }

    /// The report that comes with the error of a refused rotation; nil with any other.
    public static func report(of failure: CommandFailure) -> WireRotationReport? {
        guard failure.name == ServiceFailure.rotationRefusedName, let value = failure.parameters["report"] else {
            return nil
        }
        return try? value.decoded(WireRotationReport.self)
    }
}

extension CommandFailure {
    /// The failure that a rotation ended in; nil for one that did what was asked, or goes on.
    init?(_ rotation: WireRotation) {
        let message = rotation.message
        switch rotation.phase {
        case .embedding, .measuring, .activated, .measured: return nil
        case .refused:
            let report = rotation.report.flatMap { try? JSONValue(encoding: $0) }
            self.init(
                .configuration, name: ServiceFailure.rotationRefusedName, message: message,
                parameters: report.map { ["report": $0] } ?? [:])
        case .failed: self.init(.internalError, name: "RotationFailed", message: message)
        case .cancelled: self.init(.interrupted, name: "RotationCancelled", message: message)
        }
    }
}
