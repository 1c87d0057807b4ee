// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Whether what is enrolled is encrypted, and who can read the key.
enum KeyChecks {
    static let credential = "likeness.gallery-key"

    static func findings(_ facts: DoctorFacts) -> [DoctorFinding] {
        let gallery = facts.settings.gallery
        var findings = [encryption(facts)]
        guard facts.areSettingsKnown else { return findings }
        for path in [gallery.keyFile, gallery.previousKeyFile] + credentialFiles(facts) where !path.isEmpty {
            findings.append(file(path, facts))
        }
        if !gallery.previousKeyFile.isEmpty {
            findings.append(
                .warning(
                    "key", "the configuration still names the key before (gallery.previous_key_file)",
                    remedy: "enroll gallery rekey; when it is done, take the setting out and destroy that key"))
        }
        return findings
    }

    private static func encryption(_ facts: DoctorFacts) -> DoctorFinding {
        let status: Bool
        switch facts.answers.status {
        case .success(let reply): status = reply.encrypted
        case .failure(let failure):
            return .notLookedAt(
                "encryption",
                facts.answers.isAnswering
                    ? GalleryChecks.reason(failure, role: "verify") : facts.answers.silence)
        }
        let accepts = facts.areSettingsKnown && facts.settings.gallery.acceptUnencrypted
        if !status, !accepts {
            return .warning(
                "encryption",
                "the gallery is not encrypted: whoever reads its file or a copy can read what is enrolled",
                remedy: "where the disk is not encrypted either: enroll gallery key FILE, and the steps of README.md")
        }
        if !status {
            return .warning(
                "encryption", "the gallery is not encrypted, and gallery.accept_unencrypted lets it be so",
                remedy: "enroll gallery rekey brings it under the key; then take the setting out")
        }
        if accepts {
            return .warning(
                "encryption",
                "the gallery is encrypted, and with gallery.accept_unencrypted one that is not would be taken in its place",
                remedy: "take the setting out, then " + facts.target.restart)
        }
        return .ok("encryption", "what is enrolled is encrypted on disk")
    }

    /// The files that the unit hands over the key from.
    private static func credentialFiles(_ facts: DoctorFacts) -> [String] {
        guard let loaded = facts.service["LoadCredential"] else { return [] }
        return loaded.split(separator: " ").compactMap { entry in
            let parts = entry.split(separator: ":", maxSplits: 1)
            return parts.count == 2 && parts[0] == credential && parts[1].hasPrefix("/") ? String(parts[1]) : nil
        }
    }

    private static func file(_ path: String, _ facts: DoctorFacts) -> DoctorFinding {
        switch FileLook.status(path) {
        case .denied: return .notLookedAt("key file", "needs root")
        case .absent:
            return .problem(
                "key file", "the file of the gallery's key, \(path), is not there",
                remedy: "bring it back from its copy; without it the gallery cannot be read")
        case .failed(let code):
            return .problem(
                "key file", "\(path) cannot be looked at: \(String(cString: strerror(code)))",
                remedy: "mend the file system it is on")
        case .found(let status):
            guard status.st_mode & S_IFMT == S_IFREG else {
                return .problem("key file", "\(path) is no regular file", remedy: "put the key there")
            }
            guard status.mode & 0o077 == 0 else {
                return .problem(
                    "key file", "others than its owner may read the key \(path) (mode \(mode: status.mode))",
                    remedy:
                        "chmod 600 \(shell: path); whoever may have read it can read the gallery: a new key and enroll gallery rekey"
                )
            }
            guard status.st_uid == 0 || status.st_uid == facts.daemonUser else {
                return .problem(
                    "key file", "the key \(path) belongs neither to root nor to the daemon's user",
                    remedy: "chown root \(shell: path)")
            }
            return .ok("key file", "its owner alone may read it (mode \(mode: status.mode))")
        }
    }
}
