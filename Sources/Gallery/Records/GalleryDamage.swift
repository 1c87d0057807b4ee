// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// Something in a gallery that cannot be read any more, or is not what it should be. It costs what it names and nothing
/// else.
public struct GalleryDamage: Sendable, Hashable {
    /// What is damaged, and with it what a repair does.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// An embedding: it is made again from the kept image, or left out where there is none.
        case embedding
        /// The kept image of a sample: the sample is compared as before, and cannot be embedded by another model.
        case image
        /// What is known of a sample: it is removed.
        case sample
        /// An identity's own record: it is removed with its samples, and has to be enrolled again.
        case identity
        /// A generation: nothing of it can be trusted.
        case generation
        /// A record of failed comparisons: it blocks its caller until it is removed.
        case attempts
        /// The audit log: something was changed or is absent. It is never repaired, only reported.
        case audit
        /// The database's own structure.
        case structure
    }

    public let kind: Kind
    /// Whose; nil where that cannot be told.
    public let identity: IdentityName?
    /// The number within the identity.
    public let sample: Int?
    /// What was found, in words that name the row.
    public let what: String

    public init(kind: Kind, identity: IdentityName? = nil, sample: Int? = nil, what: String) {
        self.kind = kind
        self.identity = identity
        self.sample = sample
        self.what = what
    }
}

extension GalleryDamage {
    /// A sample, its image or its embedding by a model that is not there, though its identity's or its own record tells
    /// of it.
    static func absent(
        _ kind: Kind, sample: Int, of name: IdentityName, by model: ModelDescription? = nil
    ) -> GalleryDamage {
        let part =
            switch kind {
            case .image: "the image of "
            case .embedding: "the embedding of "
            default: ""
            }
        let maker = model.map { " by \($0)" } ?? ""
        return GalleryDamage(
            kind: kind, identity: name, sample: sample, what: "\(part)sample \(sample) of “\(name)”\(maker) is absent")
    }

    /// What a model made of a sample, where it cannot be read.
    static func unreadable(
        embedding sample: Int, of name: IdentityName, by model: ModelDescription, _ what: String
    ) -> GalleryDamage {
        GalleryDamage(
            kind: .embedding, identity: name, sample: sample,
            what: "the embedding of sample \(sample) of “\(name)” by \(model): \(what)")
    }

    /// That there are fewer identities than are enrolled, or more; nothing where there are as many.
    static func absence(of identities: Int, where enrolled: Int64) -> [GalleryDamage] {
        identities == enrolled
            ? []
            : [
                GalleryDamage(
                    kind: .structure, what: "\(identities) identities are there where \(enrolled) are enrolled")
            ]
    }
}
