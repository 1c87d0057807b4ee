// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads the caller's files, no further than a limit.
public enum InputFile {
    /// What a file should be, for messages, and how large it may be.
    public struct Kind: Sendable, Hashable {
        let noun: String
        let limit: Int
        /// Whose limit it is, as the end of a sentence.
        let holder: String

        /// What a daemon takes is its own to say, and may be less: this bounds what is read here.
        public static let image = Kind(
            noun: "image", limit: 64 << 20, holder: "this command sends; send a smaller picture")
        public static let network = Kind(
            noun: "network", limit: 512 << 20, holder: "a model package holds of a network")
    }

    /// The argument that stands for standard input.
    public static let standardInput = "-"

    /// The bytes of a regular file, or of a pipe up to its end.
    ///
    /// - Parameters:
    ///   - path: A file's path, carried as ``EscapedBytes`` says, or `-` for standard input.
    ///   - timeout: How long a pipe may bring nothing before it is given up, in milliseconds. Standard input is
    ///     waited for as long as it takes.
    /// - Throws: a failure that begins with the path.
    public static func read(
        _ path: String, as kind: Kind = .image, timeout: Int32 = 10_000
    ) throws(CommandFailure) -> [UInt8] {
        do throws(CommandFailure) {
            guard path != standardInput else {
                return try read(STDIN_FILENO, as: kind, timeout: -1)
            }
            // Without O_NONBLOCK, opening a FIFO that nobody writes to would wait forever.
            let descriptor = EscapedBytes.withCString(path) { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
            guard descriptor >= 0 else { throw unreadable(errno) }
            defer { close(descriptor) }
            return try read(descriptor, as: kind, timeout: timeout)
        } catch {
            throw error.about(path == standardInput ? "standard input" : EscapedBytes.printable(path))
        }
    }

    /// An image's bytes as the wire takes them.
    public static func base64(_ path: String) throws(CommandFailure) -> String {
        Data(try read(path)).base64EncodedString()
    }

    private static func read(_ descriptor: Int32, as kind: Kind, timeout: Int32) throws(CommandFailure) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            guard status.st_size <= off_t(kind.limit) else { throw tooLarge(kind) }
        case S_IFIFO, S_IFSOCK: break
        case S_IFDIR: throw noFile("it is a folder; name a file in it")
        default: throw noFile("it is a device and no \(kind.noun)")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count > 0 {
                guard bytes.count + count <= kind.limit else { throw tooLarge(kind) }
                bytes += buffer[..<count]
            } else if count == 0 {
                break
            } else if errno == EAGAIN {
                try wait(for: descriptor, timeout: timeout)
            } else if errno != EINTR {
                throw CommandFailure(.inputOutput, name: "ReadFailed", message: "cannot be read: \(reason(errno))")
            }
        }
        guard !bytes.isEmpty else {
            throw CommandFailure(.badData, name: "EmptyFile", message: "it is empty and no \(kind.noun)")
        }
        return bytes
    }

    private static func wait(for descriptor: Int32, timeout: Int32) throws(CommandFailure) {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, timeout) != 0 else {
            throw CommandFailure(
                .inputOutput, name: "ReadFailed",
                message: "nothing arrived from this pipe for \(timeout / 1000) seconds")
        }
    }

    private static func unreadable(_ code: Int32) -> CommandFailure {
        noFile(code == ENOENT ? "there is no such file" : "cannot be read: \(reason(code))")
    }

    private static func noFile(_ message: String) -> CommandFailure {
        CommandFailure(.noInput, name: "NoInputFile", message: message)
    }

    private static func tooLarge(_ kind: Kind) -> CommandFailure {
        CommandFailure(
            .badData, name: "FileTooLarge",
            message: "it has more than \(kind.limit) bytes, the most that \(kind.holder)")
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
