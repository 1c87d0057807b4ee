// SPDX-License-Identifier: Apache-2.0

import FuzzSupport
import StrictTOML

/// A text in TOML, before anything is known of what it is for: manifests, recipes and the configuration begin so.
@main enum TOMLFuzz: FuzzTarget {
    /// The largest limit of those who read TOML.
    private static let limit = 1 << 20

    static func read(_ input: [UInt8]) throws {
        guard let text = String(validating: input, as: UTF8.self) else { return }
        let document = try TOMLDocument(parsing: text, atMost: limit)
        for key in document.values.keys {
            _ = document.lines.line(of: key)
            _ = document.values[key]?.summary
        }
    }
}
