// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `Rotation` of `io.likeness.Admin`: where a rotation is, or how it ended.
public struct WireRotation: Sendable, Hashable, Codable {
    /// What a rotation does, or how it ended.
    public enum Phase: String, Sendable, Hashable, Codable, CaseIterable {
        case embedding
        case measuring
        case activated
        /// The end of a dry run.
        case measured
        case refused
        case failed
        case cancelled

        /// Whether nothing follows.
        public var isEnd: Bool {
            switch self {
            case .embedding, .measuring: false
            case .activated, .measured, .refused, .failed, .cancelled: true
            }
        }
    }

    public let modality: Modality
    public let from: WireModelIdentity?
    public let to: WireModelIdentity
    public let dryRun: Bool
    public let phase: Phase
    public let done: Int
    public let total: Int
    public let secondsLeft: Double?
    public let message: String
    public let report: WireRotationReport?
    public let resumed: Bool

    private enum CodingKeys: String, CodingKey {
        case modality
        case from
        case to
        case dryRun = "dry_run"
        case phase
        case done
        case total
        case secondsLeft = "seconds_left"
        case message
        case report
        case resumed
    }

    public init(
        modality: Modality,
        from: WireModelIdentity? = nil,
        to: WireModelIdentity,
        dryRun: Bool,
        phase: Phase,
        done: Int,
        total: Int,
        secondsLeft: Double? = nil,
        message: String,
        report: WireRotationReport? = nil,
        resumed: Bool
    ) {
        self.modality = modality
        self.from = from
        self.to = to
        self.dryRun = dryRun
        self.phase = phase
        self.done = done
        self.total = total
        self.secondsLeft = secondsLeft
        self.message = message
        self.report = report
        self.resumed = resumed
    }
}
