// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `io.likeness.Admin.RotateModel`: rotates a modality to another model, streaming when called with `more`.
public struct RotateModel: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "RotateModel"
    /// A stop waits for its beginning, and not for callers that follow it to its end.
    package static let rules = MethodRules(role: .admin, stop: .refusesTheBeginning, audit: .withTheChange)

    /// The rises of the equal error rate that a caller may allow.
    public static let maxDrops = 0.0...1.0

    public let model: String
    public let dryRun: Bool?
    public let maxDrop: Double?

    private enum CodingKeys: String, CodingKey {
        case model
        case dryRun = "dry_run"
        case maxDrop = "max_drop"
    }

    public init(model: String, dryRun: Bool? = nil, maxDrop: Double? = nil) {
        self.model = model
        self.dryRun = dryRun
        self.maxDrop = maxDrop
    }

    package static func outcome(of reply: Reply) -> String? { reply.rotation.phase.rawValue }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let rotation: WireRotation

        public init(rotation: WireRotation) {
            self.rotation = rotation
        }
    }
}

/// `io.likeness.Admin.RotationStatus`: the rotation that is under way or was the last, and the generations.
public struct RotationStatus: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "RotationStatus"
    package static let rules = MethodRules(role: .enroll, isLogged: false)

    public init() {}

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let rotation: WireRotation?
        public let generations: [WireGeneration]

        public init(rotation: WireRotation? = nil, generations: [WireGeneration]) {
            self.rotation = rotation
            self.generations = generations
        }
    }
}

/// `io.likeness.Admin.CancelRotation`: ends the rotation that is under way.
public struct CancelRotation: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "CancelRotation"
    package static let rules = MethodRules(role: .admin, audit: .withTheChange)

    public init() {}

    package static func outcome(of reply: Reply) -> String? { reply.rotation.phase.rawValue }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let rotation: WireRotation

        public init(rotation: WireRotation) {
            self.rotation = rotation
        }
    }
}

/// `io.likeness.Admin.Rollback`: goes back to the generation before.
public struct Rollback: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "Rollback"
    package static let rules = MethodRules(role: .admin, stop: .refuses, audit: .withTheChange)

    public let modality: Modality?

    public init(modality: Modality? = nil) {
        self.modality = modality
    }

    package static func outcome(of reply: Reply) -> String? {
        "\(reply.active.model.name) \(reply.active.model.version)"
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let active: WireGeneration
        public let previous: WireGeneration

        public init(active: WireGeneration, previous: WireGeneration) {
            self.active = active
            self.previous = previous
        }
    }
}

/// `io.likeness.Admin.PruneGenerations`: removes the retired generations.
public struct PruneGenerations: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "PruneGenerations"
    package static let rules = MethodRules(role: .admin, stop: .refuses, audit: .withTheChange)

    public let modality: Modality?

    public init(modality: Modality? = nil) {
        self.modality = modality
    }

    package static func outcome(of reply: Reply) -> String? { "\(reply.generations) removed" }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let generations: Int
        public let embeddings: Int

        public init(generations: Int, embeddings: Int) {
            self.generations = generations
            self.embeddings = embeddings
        }
    }
}

/// `io.likeness.Admin.ListGenerations`: the generations of every modality.
public struct ListGenerations: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "ListGenerations"
    package static let rules = MethodRules(role: .admin, isLogged: false)

    public init() {}

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let generations: [WireGeneration]

        public init(generations: [WireGeneration]) {
            self.generations = generations
        }
    }
}
