// SPDX-License-Identifier: Apache-2.0

import Foundation
import Recognition

/// An archive's file, open for reading.
final class ArchiveFile {
    fileprivate let descriptor: Int32

    /// - Parameter path: a regular file; it is read twice, so that a pipe will not do.
    init(_ path: String) throws(ArchiveError) {
        descriptor = EscapedBytes.withCString(path) { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
        guard descriptor >= 0 else {
            throw .unreadable(reason: errno == ENOENT ? "there is no such file" : String(cString: strerror(errno)))
        }
        var status = stat()
        // deinit closes it when this throws.
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(reason: "it is no regular file")
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    fileprivate func rewind() throws(ArchiveError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .unreadable(reason: String(cString: strerror(errno))) }
    }

    /// So many bytes, or fewer at the end of the file.
    fileprivate func read(_ count: Int) throws(ArchiveError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(count, 1 << 16))
        while bytes.count < count {
            let got = Foundation.read(descriptor, &buffer, min(buffer.count, count - bytes.count))
            if got > 0 {
                bytes += buffer[..<got]
            } else if got == 0 {
                break
            } else if errno != EINTR {
                throw .unreadable(reason: String(cString: strerror(errno)))
            }
        }
        return bytes
    }
}

/// The entries of a tar archive, one after the other.
struct EntryReader {
    private let file: ArchiveFile

    init(_ file: ArchiveFile) throws(ArchiveError) {
        self.file = file
        try file.rewind()
    }

    /// The next file's header; its content has to be read before the next one. Nil at the archive's end mark.
    func next() throws(ArchiveError) -> TarHeader? {
        while true {
            let block = try file.read(TarHeader.block)
            guard block.count == TarHeader.block else {
                throw block.isEmpty ? .truncated : .notAnArchive(reason: "it is no whole tar archive")
            }
            guard block.contains(where: { $0 != 0 }) else { return nil }
            let header: TarHeader
            do throws(TarHeader.Refusal) {
                header = try TarHeader(block[...])
            } catch {
                throw .notAnArchive(reason: error.reason)
            }
            switch header.kind {
            case .file: return header
            // What other programs add when they pack the same files again.
            case .folder, .attributes: _ = try content(of: header, limit: ArchiveFormat.maximumHeadBytes)
            }
        }
    }

    func content(of entry: TarHeader, limit: Int) throws(ArchiveError) -> [UInt8] {
        guard entry.size <= limit else { throw .tooLarge(entry: entry.path, limit: limit) }
        let content = try file.read(entry.size)
        let padding = TarHeader.padding(after: entry.size)
        guard content.count == entry.size, try file.read(padding).count == padding else { throw .truncated }
        return content
    }
}
