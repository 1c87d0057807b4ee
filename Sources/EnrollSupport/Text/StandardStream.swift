// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Standard output or standard error, written at once and whole or not without a complaint.
public struct StandardStream: Sendable {
    private let descriptor: Int32

    public static let standardOutput = StandardStream(descriptor: STDOUT_FILENO)
    public static let standardError = StandardStream(descriptor: STDERR_FILENO)

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Takes the numbers of standard streams that the process was started without, so that no file or socket gets them
    /// and what is printed goes there. Reading and writing fails as before.
    public static func keepNumbers() {
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            let opened = open("/dev/null", mode)
            if opened >= 0, opened != descriptor {
                dup2(opened, descriptor)
                close(opened)
            }
        }
    }

    /// - Throws: the failure that a full disk or a reader that went away is.
    public func write(_ text: String) throws(CommandFailure) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw CommandFailure(
                    .inputOutput, name: "WriteFailed",
                    message: "the output cannot be written: \(String(cString: strerror(errno)))")
            }
        }
    }
}
