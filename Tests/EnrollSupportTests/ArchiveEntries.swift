// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Recognition

/// The entries of an archive, to be altered.
struct ArchiveEntries {
    struct Entry {
        var path: String
        var content: [UInt8]

        var text: String {
            get { String(decoding: content, as: UTF8.self) }
            set { content = Array(newValue.utf8) }
        }
    }

    var entries: [Entry] = []

    init(_ file: String) throws {
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: file)))
        var offset = 0
        while bytes[offset] != 0 {
            let header = try TarHeader(bytes[offset..<offset + TarHeader.block])
            offset += TarHeader.block
            entries.append(Entry(path: header.path, content: Array(bytes[offset..<offset + header.size])))
            offset += header.size + TarHeader.padding(after: header.size)
        }
    }

    subscript(path: String) -> Entry? {
        get { entries.first { $0.path == path } }
        set {
            guard let index = entries.firstIndex(where: { $0.path == path }) else { return }
            if let newValue { entries[index] = newValue } else { entries.remove(at: index) }
        }
    }

    /// Makes the digest that of the entries, as whoever altered them on purpose would.
    mutating func sealAgain(identities: Int, samples: Int) {
        func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        let lines = entries.filter { $0.path != "digest.json" }
            .map { "\(hexadecimal(SHA256.hash(data: $0.content)))  \($0.path)\n" }.joined()
        self["digest.json"]?.text =
            #"{"identities":\#(identities),"samples":\#(samples),"sha256":"\#(hexadecimal(SHA256.hash(data: Data(lines.utf8))))"}"#
    }

    var bytes: [UInt8] {
        entries.flatMap {
            TarHeader.bytes(path: $0.path, size: $0.content.count) + $0.content
                + [UInt8](repeating: 0, count: TarHeader.padding(after: $0.content.count))
        } + [UInt8](repeating: 0, count: 2 * TarHeader.block)
    }

    func write(_ file: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }
}
