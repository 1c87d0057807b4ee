// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Foundation
import LikenessInterface
import Wording

/// The archive of a gallery, as docs/archive-format.md describes it: what its entries are called, hold and may hold.
enum ArchiveFormat {
    static let version = 1
    static let name = "likeness-archive"
    static let headEntry = "likeness-archive.json"
    static let digestEntry = "digest.json"

    static let maximumHeadBytes = 1 << 20
    static let maximumIdentityBytes = 16 << 20
    static let maximumImageBytes = 64 << 20
    /// All images of an identity: as base64 they travel in one call, which has at most 96 MiB.
    static let maximumImagesBytes = 60 << 20
    static let maximumSamples = 64
    /// Of a sample: one call holds at most 4096 keys and values.
    static let maximumMeasurements = 32

    /// From 1 on.
    static func folder(_ number: Int) -> String {
        let digits = "\(number)"
        return "identities/" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    static func identityEntry(_ number: Int) -> String { folder(number) + "/identity.json" }

    /// The extension of an image's file, by its first bytes; nil for what is neither PNG nor JPEG.
    static func imageExtension(_ bytes: some Collection<UInt8>) -> String? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "png" }
        return bytes.starts(with: [0xFF, 0xD8, 0xFF]) ? "jpg" : nil
    }

    static func encoded(_ value: some Encodable) throws(CommandFailure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
        } catch {
            throw CommandFailure(error)
        }
    }
}

/// `likeness-archive.json`.
struct ArchiveHead: Codable, Hashable {
    let format: String
    let version: Int
    /// Seconds since 1970-01-01T00:00:00Z.
    let created: Int
    /// Those that the gallery compared by.
    let models: [WireModelIdentity]
}

/// The part of `likeness-archive.json` that every version of the format has.
struct ArchiveMark: Decodable {
    let format: String
    let version: Int
}

/// `identity.json`.
struct ArchivedIdentity: Codable, Hashable {
    struct Sample: Codable, Hashable {
        let number: Int
        let enrolled: Int
        /// The name of a file in the same folder.
        let image: String?
        let kind: WireExportedSample.Kind?
        let width: Int
        let height: Int
        let original: String
        let measurements: [WireMeasurement]
        let embeddings: [WireExportedEmbedding]
    }

    let name: String
    let modality: Modality
    let enrolled: Int
    let updated: Int
    let samples: [Sample]
}

/// `digest.json`.
struct ArchiveDigest: Codable, Hashable {
    let identities: Int
    let samples: Int
    let sha256: String
}

/// The digest of an archive: SHA-256 of what `sha256sum` prints for its entries, in their order.
struct EntryDigest {
    private var state = SHA256()

    mutating func add(_ content: [UInt8], named path: String) {
        let line = HexadecimalText.of(SHA256.hash(data: content)) + "  " + path + "\n"
        state.update(data: Array(line.utf8))
    }

    var text: String { HexadecimalText.of(state.finalize()) }
}
