// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Synchronization
import Wording

/// How the journal names people, and how much it is told of one user's refused calls.
///
/// Beside an encrypted gallery it names nobody: it has the keyed hash that the audit log has, unless a setting says
/// otherwise.
final class JournalNames: Sendable {
    private let shown: Atomic<Bool>
    var areShown: Bool { shown.load(ordering: .relaxed) }
    let limiter = JournalLimiter()
    private let store: any GalleryStore

    init(areShown: Bool, store: any GalleryStore) {
        shown = Atomic(areShown)
        self.store = store
    }

    /// Names people from now on, or nobody.
    func show(_ areShown: Bool) {
        shown.store(areShown, ordering: .relaxed)
    }

    /// Words that may quote names, without what they quote where nobody is to be named.
    func text(_ words: String) -> String {
        // To the last quotation mark, since a name may hold one.
        guard !areShown, let begin = words.firstIndex(of: "“") else { return words }
        let rest = words.lastIndex(of: "”").map { words[$0...] } ?? "”"
        return words[...begin] + "…" + rest
    }

    /// The metadata that says whom a call is about, as the caller spelt it.
    func fields(for identity: String?) -> [String: String] {
        guard let identity else { return [:] }
        if areShown {
            // It is the caller's text, and may be no name at all: bounded in bytes, since one character can have
            // millions.
            return ["identity": String(decoding: identity.utf8.prefix(IdentityName.maximumBytes), as: UTF8.self)]
        }
        guard let name = try? IdentityName(identity) else { return [:] }
        return ["identity_hash": HexadecimalText.of(store.nameHash(of: name))]
    }
}
