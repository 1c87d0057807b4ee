// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import Recognition

/// Writes the archive of a gallery, one identity at a time.
final class ArchiveWriter {
    private let file: StagedFile
    private var digest = EntryDigest()
    private(set) var identities = 0
    private(set) var samples = 0

    var size: Int { file.size }

    /// - Parameters:
    ///   - models: those that the gallery compares by.
    ///   - created: seconds since 1970-01-01T00:00:00Z.
    init(_ path: String, models: [WireModelIdentity], created: Int) throws(CommandFailure) {
        file = try StagedFile(path)
        let head = ArchiveHead(
            format: ArchiveFormat.name, version: ArchiveFormat.version, created: created, models: models)
        try add(try ArchiveFormat.encoded(head), named: ArchiveFormat.headEntry)
    }

    func add(_ identity: WireExportedIdentity) throws(CommandFailure) {
        var images: [(name: String, content: [UInt8])] = []
        var archived: [ArchivedIdentity.Sample] = []
        for sample in identity.samples {
            var name: String?
            if let text = sample.image {
                guard let content = Data(base64Encoded: text).map(Array.init),
                    let ending = ArchiveFormat.imageExtension(content)
                else {
                    throw CommandFailure(
                        .protocolError, name: "BadReply",
                        message:
                            "the daemon sent an image of “\(identity.name)”, sample \(sample.number), that is neither PNG nor JPEG"
                    )
                }
                let file = "\(sample.number).\(ending)"
                name = file
                images.append((file, content))
            }
            archived.append(
                ArchivedIdentity.Sample(
                    number: sample.number, enrolled: sample.enrolled, image: name, kind: sample.kind,
                    width: sample.width,
                    height: sample.height, original: sample.original, measurements: sample.measurements,
                    embeddings: sample.embeddings))
        }
        let number = identities + 1
        let entry = ArchivedIdentity(
            name: identity.name, modality: identity.modality, enrolled: identity.enrolled, updated: identity.updated,
            samples: archived)
        try add(try ArchiveFormat.encoded(entry), named: ArchiveFormat.identityEntry(number))
        for image in images { try add(image.content, named: ArchiveFormat.folder(number) + "/" + image.name) }
        identities = number
        samples += archived.count
    }

    /// Ends the archive, and gives the file its name.
    func finish() throws(CommandFailure) {
        let end = ArchiveDigest(identities: identities, samples: samples, sha256: digest.text)
        try put(try ArchiveFormat.encoded(end), named: ArchiveFormat.digestEntry)
        try file.write(repeatElement(0, count: 2 * TarHeader.block))
        try file.commit()
    }

    private func add(_ content: [UInt8], named path: String) throws(CommandFailure) {
        digest.add(content, named: path)
        try put(content, named: path)
    }

    private func put(_ content: [UInt8], named path: String) throws(CommandFailure) {
        try file.write(TarHeader.bytes(path: path, size: content.count, mode: 0o600))
        try file.write(content)
        try file.write(repeatElement(0, count: TarHeader.padding(after: content.count)))
    }
}
