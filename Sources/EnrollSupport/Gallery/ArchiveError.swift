// SPDX-License-Identifier: Apache-2.0

/// Why an archive of a gallery is refused. Nothing of it has been imported then.
public enum ArchiveError: Error, Sendable, Hashable {
    case unreadable(reason: String)
    /// It is no tar archive, or none that this command takes.
    case notAnArchive(reason: String)
    /// It was written by a later version.
    case newerFormat(version: Int)
    case truncated
    case tooLarge(entry: String, limit: Int)
    case unexpectedEntry(String, expected: String)
    /// An entry does not hold what the format says.
    case malformed(entry: String, reason: String)
    /// The entries are not those that were written.
    case altered(expected: String, found: String)
    case duplicate(name: String)
}

extension ArchiveError: CustomStringConvertible {
    public var description: String {
        let remedy = "; copy the archive again, or export the gallery again"
        return switch self {
        case .unreadable(let reason): "the archive cannot be read: \(reason)"
        case .notAnArchive(let reason): "this is no archive of a gallery: \(reason); enroll gallery export makes one"
        case .newerFormat(let version):
            "the archive is of format \(version), and this command reads format \(ArchiveFormat.version); import it with a later version"
        case .truncated: "the archive ends too early\(remedy)"
        case .tooLarge(let entry, let limit):
            "the archive's entry “\(entry.prefix(120))” has more than \(limit) bytes, the most that is read"
        case .unexpectedEntry(let entry, let expected):
            "the archive holds the entry “\(entry.prefix(120))” where \(expected) is expected\(remedy)"
        case .malformed(let entry, let reason):
            "the archive's entry “\(entry)” is not as the format says: \(reason)\(remedy)"
        case .altered(let expected, let found):
            "the archive has been altered since it was written: its digest is \(found), and it should be \(expected)\(remedy)"
        case .duplicate(let name): "the archive holds “\(name)” twice; remove one of them, or export the gallery again"
        }
    }
}
