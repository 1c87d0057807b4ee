// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// What sealed bytes belong to: the associated data of AES-GCM (NIST SP 800-38D), so that bytes that were moved to
/// another row do not open.
enum SealedPart: Sendable, Hashable {
    /// What the gallery keeps of itself.
    case secrets
    case summary
    case identity(Int64)
    case sample(Int64, identity: Int64, number: Int)
    case image(sample: Int64, identity: Int64)
    case embedding(sample: Int64, identity: Int64, number: Int, generation: Int64, model: ModelDigest)
    /// What is told to other daemons on the gallery.
    case announcement

    func associatedData(gallery: Data) -> [UInt8] {
        var record = RecordWriter()
        record.text("likeness gallery 2")
        record.bytes(gallery)
        switch self {
        case .secrets:
            record.text("secrets")
        case .summary:
            record.text("summary")
        case .identity(let id):
            record.text("identity")
            record.integer(id)
        case .sample(let id, let identity, let number):
            record.text("sample")
            record.integer(id)
            record.integer(identity)
            record.integer(Int64(number))
        case .image(let sample, let identity):
            record.text("image")
            record.integer(sample)
            record.integer(identity)
        case .embedding(let sample, let identity, let number, let generation, let model):
            record.text("embedding")
            record.integer(sample)
            record.integer(identity)
            record.integer(Int64(number))
            record.integer(generation)
            record.bytes(model.bytes)
        case .announcement:
            record.text("announcement")
        }
        return record.content
    }
}
