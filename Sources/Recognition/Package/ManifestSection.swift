// SPDX-License-Identifier: Apache-2.0

import StrictTOML

/// A section of a manifest as it is written and hashed: a table's name and its entries in a fixed order.
struct ManifestSection {
    let name: String
    let entries: [Entry]

    struct Entry {
        let key: String
        let value: TOMLItem
    }

    init(_ name: String, _ entries: KeyValuePairs<String, TOMLItem?>) {
        self.name = name
        self.entries = entries.compactMap { pair in pair.value.map { Entry(key: pair.key, value: $0) } }
    }

    init(_ name: String, entries: [Entry]) {
        self.name = name
        self.entries = entries
    }

    /// The section as TOML text, with its header.
    var tomlText: String {
        (name.isEmpty ? "" : "\n[\(name)]\n")
            + entries.map { "\(TOMLItem.keyText($0.key)) = \($0.value.tomlText)\n" }.joined()
    }
}

extension TOMLItem {
    static func numbers(_ values: [Double]) -> TOMLItem { .array(values.map(TOMLItem.number)) }
}
