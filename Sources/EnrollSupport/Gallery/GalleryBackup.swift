// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import LikenessInterface
import Wording

/// Writes the copy of a gallery's database that the daemon sends.
public struct GalleryBackup: Sendable {
    private let client: DaemonClient

    public init(client: DaemonClient) {
        self.client = client
    }

    /// - Parameters:
    ///   - path: the file to make; there must be none of this name.
    ///   - progress: is told how many bytes of how many are written.
    public func write(
        to path: String, progress: (Int, Int) -> Void = { _, _ in }
    ) async throws(CommandFailure) -> BackupReport {
        let isEncrypted = try await client.call(Status()).encrypted
        let file = try StagedFile(path)
        var hash = SHA256(), stated: String?
        try await client.follow(Backup()) {
            reply in
            guard stated == nil, reply.offset == file.size, let chunk = Data(base64Encoded: reply.chunk),
                chunk.count <= Backup.maximumChunkBytes, chunk.count <= reply.total - file.size
            else {
                throw Self.broken("its parts do not follow each other")
            }
            hash.update(data: chunk)
            try file.write(chunk)
            progress(file.size, reply.total)
            guard let digest = reply.sha256 else { return }
            guard file.size == reply.total else { throw Self.broken("it has \(file.size) of \(reply.total) bytes") }
            stated = digest
        }
        let found = HexadecimalText.of(hash.finalize())
        guard let stated else { throw Self.broken("its end is missing") }
        guard stated == found else {
            throw Self.broken("its digest is \(found), and it should be \(stated.prefix(64))")
        }
        try file.commit()
        return BackupReport(file: EscapedBytes.printable(path), bytes: file.size, sha256: found, encrypted: isEncrypted)
    }

    private static func broken(_ reason: String) -> CommandFailure {
        CommandFailure(
            .protocolError, name: "BackupBroken",
            message: "the backup has not arrived whole: \(reason); nothing is kept of it: try again")
    }
}

/// What a backup is.
public struct BackupReport: Sendable, Encodable {
    public let file: String
    public let bytes: Int
    public let sha256: String
    /// Whether it is, as the gallery is.
    public let encrypted: Bool

    public var text: String {
        PrintableText.of("a backup is written to \(file), \(NumberText.bytes(bytes)), SHA-256 \(sha256)") + "\n"
            + (encrypted
                ? "it is of use only with the gallery's key, which is not in it: keep a copy of that too, in another place\n"
                : "it is not encrypted, as the gallery is not: keep it where nobody else can read it\n")
    }
}
