// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Logging
import Synchronization
import Varlink

/// An interface to test with: it echoes, counts, waits and fails.
struct ToyHandler: VarlinkInterfaceHandler {
    let interfaceDescription = """
        # A toy.
        interface org.example.toy

        type Pair (left: int, right: ?string)

        # The word again.
        method Echo(word: string) -> (word: string)
        method Count(to: int) -> (number: int)
        method Wait() -> ()
        method Release() -> ()
        method Fail(words: ?[]string) -> (pair: ?Pair)
        method Forgotten() -> ()
        method WhoAmI() -> (uid: int, pid: int, gid: int, groups: []int)

        error Broken (message: string)
        error Busy (message: string)
        error Internal (message: string)

        """

    struct Word: Codable, Sendable, Equatable { let word: String }
    struct Limit: Codable, Sendable { let to: Int }
    struct Number: Codable, Sendable { let number: Int }
    struct Nothing: Codable, Sendable {}
    struct Who: Codable, Sendable { let uid: UInt32, pid: Int32, gid: UInt32, groups: [UInt32] }
    struct Trouble: Error, CustomStringConvertible { let description = "something unforeseen" }

    let gate = Gate()

    func parameters(of method: String) -> any (Decodable & Sendable).Type {
        switch method {
        case "Echo": Word.self
        case "Count": Limit.self
        case "Fail": [String: JSONValue].self
        default: Nothing.self
        }
    }

    func handle(_ call: VarlinkCall) async throws {
        switch call.method {
        case "Echo": try await call.reply(Word(word: call.parameters(as: Word.self).word))
        case "Count":
            let limit = try call.parameters(as: Limit.self).to
            for number in 1..<max(limit, 1) {
                try await call.replyContinuing(Number(number: number))
                gate.count(number)
            }
            try await call.reply(Number(number: limit))
        case "Wait":
            gate.mark("waiting")
            do {
                try await gate.wait(for: "released")
            } catch {
                gate.mark("cancelled")
                throw error
            }
            try await call.reply(Nothing())
        case "Release":
            gate.mark("released")
            try await call.reply(Nothing())
        case "Fail":
            if try call.parameters(as: [String: JSONValue].self)["words"] == nil { throw Trouble() }
            throw VarlinkError(name: "org.example.toy.Broken", parameters: ["message": .string("it broke")])
        case "WhoAmI":
            try await call.reply(
                Who(uid: call.peer.userID, pid: call.peer.processID, gid: call.peer.groupID, groups: call.peer.groups))
        default: break
        }
    }
}

/// Things that have happened, and tasks that wait for them.
final class Gate: Sendable {
    private let marks = Mutex<Set<String>>([])
    private let counted = Atomic(0)

    func mark(_ name: String) { marks.withLock { _ = $0.insert(name) } }

    /// How far a count has come.
    func count(_ number: Int) { counted.store(number, ordering: .relaxed) }

    var count: Int { counted.load(ordering: .relaxed) }

    func has(_ name: String) -> Bool { marks.withLock { $0.contains(name) } }

    func wait(for name: String) async throws {
        while !has(name) { try await Task.sleep(for: .milliseconds(2)) }
    }
}

/// A toy server on a socket of its own, for as long as a test's body takes.
struct ToyServer {
    let path: String
    let handler: ToyHandler
    let log: LogLines

    /// - Parameter mode: the permissions of the socket.
    static func run(
        limits: VarlinkLimits = VarlinkLimits(), mode: UInt32 = 0o600,
        standing: @escaping @Sendable (PeerCredentials) -> PeerStanding? = { _ in .admitted },
        askStanding: @escaping @Sendable (PeerCredentials) async -> PeerStanding = { _ in .unknown },
        _ body: (ToyServer) async throws -> Void
    ) async throws {
        let path = "/tmp/likeness-varlink-\(UUID().uuidString.prefix(8)).sock"
        let handler = ToyHandler(), listening = Gate(), log = LogLines()
        let server = try VarlinkServer(
            configuration: VarlinkServerConfiguration(
                vendor: "Example", product: "Toy", version: "1.2", url: "https://example.org/", limits: limits),
            address: .unixPath(path, mode: mode), handlers: [handler],
            logger: Logger(label: "toy") { _ in log.handler },
            standing: standing, askStanding: askStanding, whenListening: { listening.mark("listening") })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await listening.wait(for: "listening")
            do {
                try await body(ToyServer(path: path, handler: handler, log: log))
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
            while let _ = try await group.next() {}
        }
    }
}

/// The messages that were logged.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    private let details = Mutex<[String]>([])

    /// Those that a log has by default.
    var all: [String] { lines.withLock { $0 } }
    /// Those of the level debug.
    var debug: [String] { details.withLock { $0 } }

    var handler: some LogHandler { Handler(log: self) }

    private struct Handler: LogHandler {
        let log: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            if event.level == .debug {
                log.details.withLock { $0.append("\(event.message)") }
            } else {
                log.lines.withLock { $0.append("\(event.message)") }
            }
        }
    }
}

/// A peer that writes bytes as it likes.
final class RawPeer {
    let descriptor: Int32

    /// Not connected yet.
    init() {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    convenience init(path: String) throws {
        self.init()
        guard connect(to: path) else { throw CocoaError(.fileReadUnknown) }
    }

    /// Returns whether it is connected.
    func connect(to path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        } == 0
    }

    deinit { close(descriptor) }

    /// Writes all of it; returns false where the server has closed the connection.
    @discardableResult
    func write(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// As much of a text as the socket takes without waiting.
    func writeWhatFits(_ text: String) -> Int {
        let bytes = Array(text.utf8)
        return max(0, send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)))
    }

    /// Whether the server has closed the connection and everything before that was read.
    var isEnded: Bool {
        var byte: UInt8 = 0
        let got = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return got == 0 || got < 0 && errno == ECONNRESET
    }

    /// Ends this side of the connection.
    func endWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Writes a call of a method of the toy, in JSON.
    @discardableResult
    func call(_ method: String, _ rest: String = "") -> Bool {
        write(#"{"method":"org.example.toy.\#(method)"\#(rest)}"# + "\0")
    }

    /// The next reply without its NUL; nil at the end. It waits on a thread of its own, since the server under test
    /// needs those of Swift's tasks.
    func read() async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [descriptor] in
                var bytes: [UInt8] = [], byte: UInt8 = 0
                while recv(descriptor, &byte, 1, 0) == 1 {
                    if byte == 0 { return continuation.resume(returning: String(decoding: bytes, as: UTF8.self)) }
                    bytes.append(byte)
                }
                continuation.resume(returning: nil)
            }
        }
    }
}
