// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What was read of texts lately. TOMLKit frees nothing of what it reads, and a daemon that is reloaded reads the same
/// texts again and again.
final class ParsedTexts: Sendable {
    static let shared = ParsedTexts()

    private struct State {
        var values: [String: [String: TOMLItem]] = [:]
        var bytes = 0
    }

    /// The most bytes of texts that are kept; all go when more come.
    private static let limit = 1 << 20

    private let state = Mutex(State())

    /// The values of a text, which is parsed where it is not known.
    func values<Failure: Error>(
        of text: String, parse: () throws(Failure) -> [String: TOMLItem]
    ) throws(Failure) -> [String: TOMLItem] {
        if let known = state.withLock({ $0.values[text] }) { return known }
        let values = try parse()
        state.withLock { state in
            if state.bytes + text.utf8.count > Self.limit { state = State() }
            guard text.utf8.count <= Self.limit, state.values.updateValue(values, forKey: text) == nil else { return }
            state.bytes += text.utf8.count
        }
        return values
    }
}
