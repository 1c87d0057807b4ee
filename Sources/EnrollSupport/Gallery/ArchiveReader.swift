// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import LikenessInterface
import Recognition

/// Reads the archive of a gallery, one identity at a time, and holds it to the format: nothing larger than its limits
/// is read into memory, whatever the archive says.
struct ArchiveReader {
    private let file: EntryReader
    private var digest = EntryDigest()
    private var names: Set<String> = []
    private var identities = 0
    private var samples = 0
    let head: ArchiveHead

    /// Begins at the archive's beginning.
    init(_ source: ArchiveFile) throws(ArchiveError) {
        file = try EntryReader(source)
        guard let entry = try file.next() else { throw .notAnArchive(reason: "it is empty") }
        guard entry.path == ArchiveFormat.headEntry else {
            throw .notAnArchive(reason: "its first entry is not \(ArchiveFormat.headEntry)")
        }
        let content = try file.content(of: entry, limit: ArchiveFormat.maximumHeadBytes)
        let mark = try Self.decoded(ArchiveMark.self, content, entry.path)
        guard mark.format == ArchiveFormat.name else {
            throw .notAnArchive(reason: "its format is called “\(mark.format.prefix(40))”")
        }
        guard mark.version == ArchiveFormat.version else { throw .newerFormat(version: mark.version) }
        head = try Self.decoded(ArchiveHead.self, content, entry.path)
        digest.add(content, named: entry.path)
    }

    /// The next identity; nil at the end of the archive, when all of it has been found to be as it was written.
    mutating func next() throws(ArchiveError) -> WireExportedIdentity? {
        guard let entry = try file.next() else { throw .truncated }
        if entry.path == ArchiveFormat.digestEntry {
            try end(entry)
            return nil
        }
        let expected = ArchiveFormat.identityEntry(identities + 1)
        guard entry.path == expected else { throw .unexpectedEntry(entry.path, expected: "“\(expected)”") }
        let content = try file.content(of: entry, limit: ArchiveFormat.maximumIdentityBytes)
        digest.add(content, named: entry.path)
        let archived = try Self.decoded(ArchivedIdentity.self, content, entry.path)
        if let problem = Self.problem(of: archived) { throw .malformed(entry: entry.path, reason: problem) }
        guard names.insert(archived.name).inserted else { throw .duplicate(name: archived.name) }
        identities += 1
        samples += archived.samples.count
        var exported: [WireExportedSample] = []
        var room = ArchiveFormat.maximumImagesBytes
        for sample in archived.samples {
            let image = try sample.image.map { name throws(ArchiveError) in
                try self.image(name, of: sample.number, room: &room)
            }
            exported.append(
                WireExportedSample(
                    number: sample.number, enrolled: sample.enrolled, image: image, kind: sample.kind,
                    width: sample.width,
                    height: sample.height, original: sample.original, measurements: sample.measurements,
                    embeddings: sample.embeddings))
        }
        return WireExportedIdentity(
            name: archived.name, modality: archived.modality, enrolled: archived.enrolled, updated: archived.updated,
            samples: exported)
    }

    private mutating func image(_ name: String, of sample: Int, room: inout Int) throws(ArchiveError) -> String {
        let path = ArchiveFormat.folder(identities) + "/" + name
        guard let entry = try file.next() else { throw .truncated }
        guard entry.path == path else { throw .unexpectedEntry(entry.path, expected: "“\(path)”") }
        let content = try file.content(of: entry, limit: min(room, ArchiveFormat.maximumImageBytes))
        room -= content.count
        guard let ending = ArchiveFormat.imageExtension(content), name == "\(sample).\(ending)" else {
            throw .malformed(entry: path, reason: "it is no PNG or JPEG file, or not the kind that its name says")
        }
        digest.add(content, named: path)
        return Data(content).base64EncodedString()
    }

    private func end(_ entry: TarHeader) throws(ArchiveError) {
        let content = try file.content(of: entry, limit: ArchiveFormat.maximumHeadBytes)
        let stated = try Self.decoded(ArchiveDigest.self, content, entry.path)
        guard stated.sha256 == digest.text else {
            throw .altered(expected: String(stated.sha256.prefix(64)), found: digest.text)
        }
        guard stated.identities == identities, stated.samples == samples else {
            throw .malformed(
                entry: entry.path,
                reason:
                    "it counts \(stated.identities) identities and \(stated.samples) samples, and there are \(identities) and \(samples)"
            )
        }
        if let further = try file.next() { throw .unexpectedEntry(further.path, expected: "the end") }
    }

    /// What no daemon could take of an identity, though it is JSON of the right shape.
    private static func problem(of identity: ArchivedIdentity) -> String? {
        do throws(InvalidIdentityName) {
            guard try IdentityName(identity.name).text.utf8.elementsEqual(identity.name.utf8) else {
                return "the name is not in Unicode normal form C"
            }
        } catch {
            return error.description
        }
        guard (1...ArchiveFormat.maximumSamples).contains(identity.samples.count) else {
            return "it has \(identity.samples.count) samples, and 1 to \(ArchiveFormat.maximumSamples) are possible"
        }
        for time in [identity.enrolled, identity.updated] + identity.samples.map(\.enrolled)
        where !ImportIdentity.times.contains(time) {
            return "\(time) is no time that something can have been enrolled at"
        }
        var last = 0
        for sample in identity.samples {
            guard sample.measurements.count <= ArchiveFormat.maximumMeasurements else {
                return
                    "sample \(sample.number) has \(sample.measurements.count) measurements, and \(ArchiveFormat.maximumMeasurements) are possible"
            }
            guard sample.number > last else { return "its samples are not in the order of their numbers" }
            last = sample.number
            guard (sample.image == nil) == (sample.kind == nil) else {
                return "sample \(last) has an image or its kind, but not both"
            }
            guard sample.image.map({ ["\(last).png", "\(last).jpg"].contains($0) }) ?? true else {
                return "the image of sample \(last) is not called \(last).png or \(last).jpg"
            }
            guard ModelDigest(hexadecimal: sample.original) != nil else {
                return "the digest of sample \(last) is not of 64 hexadecimal digits"
            }
            for embedding in sample.embeddings
            where embedding.numbers == nil || ModelDigest(hexadecimal: embedding.model) == nil {
                return "an embedding of sample \(last) has no numbers or no model"
            }
        }
        return nil
    }

    private static func decoded<Value: Decodable>(
        _ type: Value.Type, _ content: [UInt8], _ entry: String
    ) throws(ArchiveError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(content))
        } catch let error as DecodingError {
            throw .malformed(entry: entry, reason: Self.words(error))
        } catch {
            throw .malformed(entry: entry, reason: "\(error)")
        }
    }

    private static func words(_ error: DecodingError) -> String {
        let (context, key): (DecodingError.Context, String?) =
            switch error {
            case .keyNotFound(let key, let context): (context, key.stringValue)
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                (context, nil)
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), nil)
            }
        let path = (context.codingPath.map(\.stringValue) + [key].compactMap { $0 }).joined(separator: ".")
        return path.isEmpty ? "it is not JSON" : key != nil ? "it lacks “\(path)”" : "“\(path)” is not of its type"
    }
}
