// SPDX-License-Identifier: Apache-2.0

import Recognition
import StrictTOML

/// Writes a recipe: every key in a fixed order, so that equal recipes are equal texts.
struct RecipeText {
    /// A value of nil is left out.
    typealias Entry = (key: String, value: TOMLItem?)

    private(set) var text = ""

    /// - Parameter header: what stands in the brackets, such as `data` or `[data.sources]`; empty for none.
    mutating func section(_ header: String, _ entries: [Entry]) {
        let present = entries.compactMap { entry in entry.value.map { (entry.key, $0) } }
        guard !present.isEmpty || header.hasPrefix("[") else { return }
        if !text.isEmpty { text += "\n" }
        if !header.isEmpty { text += "[\(header)]\n" }
        for (key, value) in present { text += "\(TOMLItem.keyText(key)) = \(value.tomlText)\n" }
    }

    /// A table within a line.
    static func inlineTable(_ entries: [Entry]) -> TOMLItem {
        .table(Dictionary(uniqueKeysWithValues: entries.compactMap { entry in entry.value.map { (entry.key, $0) } }))
    }
}
