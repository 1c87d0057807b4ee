/// Why there is no connection, or why it could not be used.
public enum VarlinkConnectionError: Error, Sendable, Equatable {
    /// There is no file at the path.
    case noSocket(path: String)
    /// A socket is there, but no process accepts connections on it.
    case nobodyListens(path: String)
    /// The file may not be opened by this user.
    case permissionDenied(path: String)
    /// Something else is at the path of the socket.
    case notASocket(path: String)
    /// Another process already serves the socket.
    case inUse(path: String)
    /// The kernel allows at most `limit` bytes in a socket's path.
    case pathTooLong(path: String, limit: Int)
    /// A system call failed.
    case system(operation: String, message: String)
    /// The peer closed the connection before it answered.
    case closed
    /// The peer sent something that is no Varlink message.
    case malformedMessage(String)
    /// A message is larger than the limit allows.
    case messageTooLarge(limit: Int)
    /// A handler replied to a call that already has its last reply.
    case alreadyReplied
}

extension VarlinkConnectionError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noSocket(let path):
            "there is no socket at \(path); is the daemon started?"
        case .nobodyListens(let path):
            "nobody listens on the socket \(path); the daemon has stopped, start it again"
        case .permissionDenied(let path):
            "this user may not connect to \(path); ask for membership in the group that owns the socket"
        case .notASocket(let path):
            "\(path) is not a socket; give another path or move that file away"
        case .inUse(let path):
            "another process already listens on \(path); stop it first or use another path"
        case .pathTooLong(let path, let limit):
            "the socket's path \(path) has more than the \(limit) bytes that the kernel allows"
        case .system(let operation, let message):
            "\(operation): \(message)"
        case .closed:
            "the peer closed the connection before it answered; it stopped, or has too many connections"
        case .malformedMessage(let problem):
            "the peer sent no Varlink message: \(problem)"
        case .messageTooLarge(let limit):
            "the message is larger than the limit of \(limit) bytes"
        case .alreadyReplied:
            "the call already has its last reply"
        }
    }
}
