// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// One embedding of every sample of a modality, all by one model.
public struct Generation: Sendable, Hashable {
    /// Where a generation is in its life.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Samples are being embedded; nothing is compared with it yet.
        case building
        /// The one that probes are compared with; at most one of a modality.
        case active
        /// Kept to go back to.
        case retired
    }

    /// Why a generation is being built.
    public enum Purpose: Sendable, Hashable {
        /// To be activated, unless the gallery's own equal error rate would rise by more than this.
        case rotation(maximumDrop: Double)
        /// To be measured, and then to be gone.
        case trial(maximumDrop: Double)
        /// To be activated whatever it measures: it was active before.
        case rollback
    }

    public let id: Int64
    public let model: ModelDescription
    public let state: State
    /// Of a building generation, what for.
    public let purpose: Purpose?
    public let created: Date

    public init(id: Int64, model: ModelDescription, state: State, purpose: Purpose? = nil, created: Date) {
        self.id = id
        self.model = model
        self.state = state
        self.purpose = purpose
        self.created = created
    }
}

extension Generation.Purpose {
    /// The words of the column.
    var text: String {
        switch self {
        case .rotation(let drop): "rotation \(drop)"
        case .trial(let drop): "trial \(drop)"
        case .rollback: "rollback"
        }
    }

    init?(_ text: String) {
        let words = text.split(separator: " ")
        switch (words.first, words.count) {
        case ("rotation", 2):
            guard let drop = Double(words[1]) else { return nil }
            self = .rotation(maximumDrop: drop)
        case ("trial", 2):
            guard let drop = Double(words[1]) else { return nil }
            self = .trial(maximumDrop: drop)
        case ("rollback", 1):
            self = .rollback
        default:
            return nil
        }
    }
}

/// A generation with what is in it.
public struct GenerationContent: Sendable, Hashable {
    public let generation: Generation
    /// How many samples the model has embedded, and how many it refuses.
    public let embedded: Int
    public let refused: Int
    /// How many samples of the modality it has not seen yet.
    public let pending: Int

    /// How many samples of the modality there are.
    public var samples: Int { embedded + refused + pending }
}

/// What a model made of a sample.
public enum EmbeddingOutcome: Sendable, Hashable {
    case embedded(Embedding)
    /// The model refuses the sample, for this reason.
    case refused(reason: String)
}

/// A sample that a generation has no outcome for.
public struct PendingSample: Sendable {
    /// The row; a place to go on from.
    public let id: Int64
    public let reference: SampleReference
    /// The kept file; nil where none was kept, or it is damaged.
    public let image: [UInt8]?
}
