// SPDX-License-Identifier: Apache-2.0

/// The few parts of the tar format (POSIX.1-1988 ustar) that a model package needs: regular files with plain
/// names, at the top or in one folder.
enum TarArchive {
    private static let block = TarHeader.block
    /// A package has a handful of files; more entries than this are not one.
    static let maximumEntries = 64

    typealias Refusal = TarHeader.Refusal

    /// Reads the files of an archive by name. The folder they may stand in is dropped from the names.
    ///
    /// Links, devices and folders within folders are refused; nothing is ever allocated by what a header says,
    /// only by what the archive really holds.
    static func files(in archive: [UInt8]) throws(Refusal) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        var folder: String?
        var offset = 0
        var entries = 0
        while true {
            guard archive.count - offset >= block else {
                throw Refusal(reason: "the archive ends without its end mark")
            }
            let header = archive[offset..<offset + block]
            if header.allSatisfy({ $0 == 0 }) { return files }
            entries += 1
            guard entries <= maximumEntries else { throw Refusal(reason: "it has more than \(maximumEntries) entries") }
            let entry = try TarHeader(header)
            let start = offset + block
            guard entry.size <= archive.count - start else {
                throw Refusal(reason: "it ends within the entry “\(entry.path)”")
            }
            let padded = start + entry.size + TarHeader.padding(after: entry.size)
            guard padded <= archive.count else { throw Refusal(reason: "it ends within the entry “\(entry.path)”") }
            switch entry.kind {
            case .file:
                let (parent, name) = try location(of: entry.path)
                if files.isEmpty { folder = parent }
                guard folder == parent else { throw Refusal(reason: "its files lie in more than one folder") }
                guard files.updateValue(Array(archive[start..<start + entry.size]), forKey: name) == nil else {
                    throw Refusal(reason: "it holds the file “\(name)” twice")
                }
            case .folder, .attributes:
                break
            }
            offset = padded
        }
    }

    /// The folder and the name of a file, of a path such as `name`, `./name` or `folder/name`.
    private static func location(of path: String) throws(Refusal) -> (folder: String, name: String) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.first == "." { parts.removeFirst() }
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ PackageFileName.isPlain($0, atMost: PackageFileName.maximumLength) })
        else {
            throw Refusal(
                reason:
                    "it holds the path “\(path.prefix(120))”, and only plain file names in at most one folder are taken"
            )
        }
        return (parts.count == 2 ? parts[0] : "", parts[parts.count - 1])
    }

    /// Writes an archive of files in one folder, by name; the same files always give the same bytes.
    static func archive(of files: [String: [UInt8]], folder: String) -> [UInt8] {
        var archive: [UInt8] = []
        for (name, content) in files.sorted(by: { $0.key < $1.key }) {
            archive += TarHeader.bytes(path: folder + "/" + name, size: content.count)
            archive += content
            archive += Array(repeating: 0, count: TarHeader.padding(after: content.count))
        }
        return archive + Array(repeating: 0, count: 2 * block)
    }
}
