import Foundation

/// Writes a file that is there whole or not at all, and never in place of another.
public enum OutputFile {
    /// - Parameter mode: permissions, less what the umask takes.
    public static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(CommandFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw failure(path, errno == EEXIST ? "there is such a file already; remove it or name another" : reason())
        }
        var problem = writeAll(bytes, to: descriptor)
        if problem == nil, fsync(descriptor) != 0 { problem = reason() }
        if close(descriptor) != 0, problem == nil { problem = reason() }
        if let problem {
            unlink(path)
            throw failure(path, problem)
        }
    }

    /// Writes everything, and returns what stood in the way.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> String? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if count == 0 || errno != EINTR { return reason() }
        }
        return nil
    }

    static func failure(_ path: String, _ reason: String) -> CommandFailure {
        CommandFailure(.cannotCreate, name: "CannotCreate", message: "\(path): cannot be written: \(reason)")
    }

    static func reason() -> String { String(cString: strerror(errno)) }
}
