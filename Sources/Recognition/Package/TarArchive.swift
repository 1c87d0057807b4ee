/// The few parts of the tar format (POSIX.1-1988 ustar) that a model package needs: regular files with plain
/// names, at the top or in one folder.
enum TarArchive {
    private static let block = 512
    /// A package has a handful of files; more entries than this are not one.
    static let maximumEntries = 64

    /// Why an archive is refused, as the end of a sentence.
    struct Refusal: Error, Equatable {
        let reason: String
    }

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
            guard archive.count - offset >= block else { throw Refusal(reason: "the archive ends without its end mark") }
            let header = archive[offset..<offset + block]
            if header.allSatisfy({ $0 == 0 }) { return files }
            entries += 1
            guard entries <= maximumEntries else { throw Refusal(reason: "it has more than \(maximumEntries) entries") }
            let entry = try Entry(header)
            let start = offset + block
            guard entry.size <= archive.count - start else {
                throw Refusal(reason: "it ends within the entry “\(entry.path)”")
            }
            let padded = start + entry.size + (block - entry.size % block) % block
            guard padded <= archive.count else { throw Refusal(reason: "it ends within the entry “\(entry.path)”") }
            switch entry.kind {
            case .file:
                let (parent, name) = try place(of: entry.path)
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
    private static func place(of path: String) throws(Refusal) -> (folder: String, name: String) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.first == "." { parts.removeFirst() }
        guard (1...2).contains(parts.count),
              parts.allSatisfy({ PackageFileName.isPlain($0, atMost: PackageFileName.maximumLength) }) else {
            throw Refusal(reason: "it holds the path “\(path.prefix(120))”, and only plain file names in at most one folder are taken")
        }
        return (parts.count == 2 ? parts[0] : "", parts[parts.count - 1])
    }

    /// Writes an archive of files in one folder, by name; the same files always give the same bytes.
    static func archive(of files: [String: [UInt8]], folder: String) -> [UInt8] {
        var archive: [UInt8] = []
        for (name, content) in files.sorted(by: { $0.key < $1.key }) {
            archive += Entry.header(path: folder + "/" + name, size: content.count)
            archive += content
            archive += Array(repeating: 0, count: (block - content.count % block) % block)
        }
        return archive + Array(repeating: 0, count: 2 * block)
    }
}

extension TarArchive {
    /// One header of 512 bytes.
    private struct Entry {
        enum Kind { case file, folder, attributes }

        let path: String
        let size: Int
        let kind: Kind

        init(_ header: ArraySlice<UInt8>) throws(Refusal) {
            let bytes = Array(header)
            guard bytes.count == block, bytes[257..<262].elementsEqual("ustar".utf8) else {
                throw Refusal(reason: "it is not an uncompressed tar archive of the ustar format")
            }
            var sum = 0
            for (index, byte) in bytes.enumerated() {
                // The checksum's own field counts as spaces.
                sum += (148..<156).contains(index) ? 0x20 : Int(byte)
            }
            guard Self.octal(bytes[148..<156]) == sum else { throw Refusal(reason: "the checksum of an entry is wrong") }
            let name = Self.text(bytes[0..<100])
            // GNU's variant (version " \0") keeps times where ustar has the prefix.
            let prefix = bytes[263] == UInt8(ascii: "0") ? Self.text(bytes[345..<500]) : ""
            path = prefix.isEmpty ? name : prefix + "/" + name
            guard let size = Self.octal(bytes[124..<136]) else {
                throw Refusal(reason: "the size of the entry “\(path)” is no octal number")
            }
            self.size = size
            switch bytes[156] {
            case 0, UInt8(ascii: "0"): kind = .file
            case UInt8(ascii: "5"): kind = .folder
            // Extended attributes (POSIX.1-2001), such as a finer time.
            case UInt8(ascii: "x"), UInt8(ascii: "g"): kind = .attributes
            default:
                throw Refusal(reason: "the entry “\(path)” is a link, a device or of another kind that is not taken")
            }
        }

        private static func text(_ field: ArraySlice<UInt8>) -> String {
            String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
        }

        /// At most twelve digits, so that no value overflows; nil for anything else.
        private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
            let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
            guard !digits.isEmpty, digits.count <= 12 else { return nil }
            var value = 0
            for digit in digits {
                guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { return nil }
                value = value << 3 | Int(digit - UInt8(ascii: "0"))
            }
            return value
        }

        /// A header of a regular file, readable by all, at time 0, owned by nobody in particular.
        static func header(path: String, size: Int) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: block)
            func put(_ text: String, at offset: Int) {
                for (index, byte) in text.utf8.enumerated() { bytes[offset + index] = byte }
            }
            func octal(_ value: Int, digits: Int) -> String {
                let text = String(value, radix: 8)
                return String(repeating: "0", count: max(0, digits - text.count)) + text
            }
            // A long folder goes to the prefix; both parts are at most 100 characters by PackageFileName.
            let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
            if path.utf8.count <= 100 || parts.count < 2 {
                put(path, at: 0)
            } else {
                put(parts[1], at: 0)
                put(parts[0], at: 345)
            }
            put(octal(0o644, digits: 7), at: 100)
            put(octal(0, digits: 7), at: 108)
            put(octal(0, digits: 7), at: 116)
            put(octal(size, digits: 11), at: 124)
            put(octal(0, digits: 11), at: 136)
            put("0", at: 156)
            put("ustar", at: 257)
            put("00", at: 263)
            put("        ", at: 148)
            put(octal(bytes.reduce(0) { $0 + Int($1) }, digits: 6), at: 148)
            bytes[154] = 0
            return bytes
        }
    }
}
