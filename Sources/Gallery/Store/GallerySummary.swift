// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a gallery keeps of itself, sealed and renewed with each change: the numbers that are given next, so that none
/// is given twice, and how much there is, so that rows that are gone are missed.
struct GallerySummary: Sendable, Hashable {
    var nextIdentity: Int64 = 1
    var nextSample: Int64 = 1
    var nextGeneration: Int64 = 1
    var nextDataKey: Int64 = 2
    var identities: Int64 = 0
    var samples: Int64 = 0
    /// The entry before the first that is kept, and the last: what the chain begins from and ends with.
    var auditStart = AuditLink.origin
    var auditEnd = AuditLink.origin

    init() {}

    init(_ data: Data) throws(GalleryError) {
        var reader = RecordReader(data)
        nextIdentity = try reader.integer()
        nextSample = try reader.integer()
        nextGeneration = try reader.integer()
        nextDataKey = try reader.integer()
        identities = try reader.integer()
        samples = try reader.integer()
        auditStart = AuditLink(number: try reader.integer(), chain: try reader.bytes())
        auditEnd = AuditLink(number: try reader.integer(), chain: try reader.bytes())
        try reader.end()
    }

    var data: Data {
        var writer = RecordWriter()
        for number in [nextIdentity, nextSample, nextGeneration, nextDataKey, identities, samples] {
            writer.integer(number)
        }
        for link in [auditStart, auditEnd] {
            writer.integer(link.number)
            writer.bytes(link.chain)
        }
        return writer.data
    }
}

/// A place in the audit log's chain.
struct AuditLink: Sendable, Hashable {
    let number: Int64
    /// The authentication code of the entry, over it and the code before.
    let chain: Data

    static let origin = AuditLink(number: 0, chain: Data(repeating: 0, count: 32))
}
