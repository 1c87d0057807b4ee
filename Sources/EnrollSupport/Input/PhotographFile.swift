import Foundation

/// Reads photographs for the daemon, so that it needs no access to the caller's files.
public enum PhotographFile {
    /// The most that is read: the daemon takes no more either.
    public static let maximumBytes = 64 << 20
    /// The argument that stands for standard input.
    public static let standardInput = "-"

    /// The bytes of a regular file, or of a pipe up to its end.
    ///
    /// - Parameters:
    ///   - path: A file's path, or `-` for standard input.
    ///   - patience: How long a pipe may bring nothing before it is given up, in milliseconds. Standard input is
    ///     waited for as long as it takes.
    /// - Throws: a failure that begins with the path.
    public static func read(
        _ path: String, limit: Int = maximumBytes, patience: Int32 = 10_000
    ) throws(CommandFailure) -> [UInt8] {
        do throws(CommandFailure) {
            guard path != standardInput else {
                return try read(STDIN_FILENO, limit: limit, patience: -1)
            }
            // Without O_NONBLOCK, opening a FIFO that nobody writes to would wait forever.
            let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { throw unreadable(errno) }
            defer { close(descriptor) }
            return try read(descriptor, limit: limit, patience: patience)
        } catch {
            throw error.about(path == standardInput ? "standard input" : path)
        }
    }

    /// The file's bytes as the wire takes them.
    public static func base64(_ path: String) throws(CommandFailure) -> String {
        Data(try read(path)).base64EncodedString()
    }

    private static func read(_ descriptor: Int32, limit: Int, patience: Int32) throws(CommandFailure) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            guard status.st_size <= off_t(limit) else { throw tooLarge(limit) }
        case S_IFIFO, S_IFSOCK: break
        case S_IFDIR: throw noFile("it is a folder; name the photographs in it")
        default: throw noFile("it is a device and no photograph")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count > 0 {
                guard bytes.count + count <= limit else { throw tooLarge(limit) }
                bytes += buffer[..<count]
            } else if count == 0 {
                break
            } else if errno == EAGAIN {
                try wait(for: descriptor, patience: patience)
            } else if errno != EINTR {
                throw CommandFailure(.inputOutput, name: "ReadFailed", message: "cannot be read: \(reason(errno))")
            }
        }
        guard !bytes.isEmpty else {
            throw CommandFailure(.badData, name: "EmptyFile", message: "it is empty; name a PNG or JPEG file")
        }
        return bytes
    }

    private static func wait(for descriptor: Int32, patience: Int32) throws(CommandFailure) {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, patience) != 0 else {
            throw CommandFailure(
                .inputOutput, name: "ReadFailed", message: "nothing arrived from this pipe for \(patience / 1000) seconds")
        }
    }

    private static func unreadable(_ code: Int32) -> CommandFailure {
        noFile(code == ENOENT ? "there is no such file" : "cannot be read: \(reason(code))")
    }

    private static func noFile(_ message: String) -> CommandFailure {
        CommandFailure(.noInput, name: "NoInputFile", message: message)
    }

    private static func tooLarge(_ limit: Int) -> CommandFailure {
        CommandFailure(
            .badData, name: "FileTooLarge",
            message: "it has more than \(limit) bytes, the most a photograph may have; save it smaller")
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
