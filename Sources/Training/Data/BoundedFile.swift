// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads regular files no further than a limit.
enum BoundedFile {
    struct Refusal: Error, CustomStringConvertible {
        /// A clause, without the path.
        let description: String
    }

    /// - Parameter noun: What the file should be, for messages.
    static func read(_ path: String, limit: Int, noun: String) throws(Refusal) -> [UInt8] {
        // Without O_NONBLOCK, opening a FIFO that nobody writes to would wait forever.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Refusal(
                description: errno == ENOENT ? "there is no such file" : "it cannot be read: \(reason(errno))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Refusal(description: "it cannot be read: \(reason(errno))") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Refusal(
                description: status.st_mode & S_IFMT == S_IFDIR
                    ? "it is a folder and no \(noun)" : "it is no regular file")
        }
        guard status.st_size <= off_t(limit) else { throw tooLarge(noun, limit) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size))
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count > 0 {
                guard bytes.count + count <= limit else { throw tooLarge(noun, limit) }
                bytes += buffer[..<count]
            } else if count == 0 {
                return bytes
            } else if errno != EINTR {
                throw Refusal(description: "it cannot be read: \(reason(errno))")
            }
        }
    }

    private static func tooLarge(_ noun: String, _ limit: Int) -> Refusal {
        Refusal(description: "it has more than \(limit) bytes, the most that this \(noun) may have")
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
