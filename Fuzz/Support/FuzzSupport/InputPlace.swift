// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file whose content is the input, for what reads files by their path. It lies in `TMPDIR`, which `scripts/fuzz` removes.
package struct InputPlace: Sendable {
    package let folder: String
    package let path: String

    /// - Parameter name: the file's name in a folder of its own.
    package init(_ name: String) {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        // By the process, since libFuzzer can have several work at once.
        folder = "\(parent)/\(getpid())"
        path = "\(folder)/\(name)"
        mkdir(folder, 0o700)
    }

    package func write(_ input: [UInt8]) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw NotWritten(reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var rest = input[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw NotWritten(reason: String(cString: strerror(errno))) }
            rest = rest.dropFirst(count)
        }
    }
}

package struct NotWritten: Error {
    package let reason: String
}
