// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation

/// What the doctor looks at of the host: files below a root folder, programs, the clock.
package struct DoctorHost: Sendable {
    /// Before the paths of the system's own files, as `/proc` and `/etc/pam.d`; another folder in tests.
    package var root = ""
    package var programs = HostPrograms.system
    /// Who looks.
    package var user = geteuid()
    package var now = Date()
    /// How long one check may take.
    package var limit = Duration.seconds(5)
    package var isClockSynchronized = SystemClock.isSynchronized
    /// Where this program lies; the daemon and the decoder are looked for beside it.
    package var ownProgram = FileLook.link("/proc/self/exe")

    package init() {}

    var isRoot: Bool { user == 0 }

    /// Whether systemd is the host's first process, sd_booted(3).
    var hasSystemd: Bool {
        var status = stat()
        return lstat(root + "/run/systemd/system", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// What holds this host, where something tells: `docker`, `lxc` and so on.
    var isContainer: Bool {
        FileLook.exists(root + "/.dockerenv") || FileLook.exists(root + "/run/.containerenv")
            || FileLook.exists(root + "/run/systemd/container")
    }

    /// The text of a file of the system, no longer than a few pages.
    func text(_ path: String) -> String? { FileLook.text(root + path, atMost: 1 << 16) }

    /// `NAME=value` and `NAME: value` lines.
    static func fields(_ text: String, separator: Character) -> [String: String] {
        var fields: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, fields[String(parts[0])] == nil else { continue }
            fields[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        return fields
    }
}

/// Looks at files without changing anything.
enum FileLook {
    enum Finding: Sendable {
        case found(stat)
        case absent
        /// A folder on the way may not be entered.
        case denied
        case failed(code: Int32)
    }

    static func status(_ path: String) -> Finding {
        var status = stat()
        if EscapedBytes.withCString(path, { stat($0, &status) }) == 0 { return .found(status) }
        switch errno {
        case ENOENT, ENOTDIR: return .absent
        case EACCES, EPERM: return .denied
        case let code: return .failed(code: code)
        }
    }

    static func exists(_ path: String) -> Bool { if case .found = status(path) { true } else { false } }

    /// The beginning of a file as text; nil where it cannot be read.
    static func text(_ path: String, atMost limit: Int) -> String? {
        let descriptor = EscapedBytes.withCString(path) { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 1 << 14)
        while bytes.count < limit {
            let count = read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a link says.
    static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        return count > 0 ? EscapedBytes.text(of: buffer[..<count].map { UInt8(bitPattern: $0) }) : nil
    }

    static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
    }
}

extension stat {
    var mode: UInt32 { UInt32(st_mode & 0o7777) }
}
