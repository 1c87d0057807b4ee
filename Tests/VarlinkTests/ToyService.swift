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
        method WhoAmI() -> (uid: int, pid: int)

        error Broken (message: string)
        error Internal (message: string)

        """

    struct Word: Codable, Sendable, Equatable { let word: String }
    struct Limit: Codable, Sendable { let to: Int }
    struct Number: Codable, Sendable { let number: Int }
    struct Nothing: Codable, Sendable {}
    struct Who: Codable, Sendable { let uid: UInt32, pid: Int32 }
    struct Trouble: Error, CustomStringConvertible { let description = "something unforeseen" }

    let gate = Gate()

    func handle(_ call: VarlinkCall) async throws {
        switch call.method {
        case "Echo": try await call.reply(Word(word: call.decodeParameters(Word.self).word))
        case "Count":
            let limit = try call.decodeParameters(Limit.self).to
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
            if try call.parameters()["words"] == nil { throw Trouble() }
            throw VarlinkError(name: "org.example.toy.Broken", parameters: ["message": .string("it broke")])
        case "WhoAmI": try await call.reply(Who(uid: call.peer.userID, pid: call.peer.processID))
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

    static func run(
        limits: VarlinkLimits = VarlinkLimits(), _ body: (ToyServer) async throws -> Void
    ) async throws {
        let path = "/tmp/likeness-varlink-\(UUID().uuidString.prefix(8)).sock"
        let handler = ToyHandler(), listening = Gate()
        let server = try VarlinkServer(
            configuration: VarlinkServerConfiguration(
                vendor: "Example", product: "Toy", version: "1.2", url: "https://example.org/", limits: limits),
            address: .unixPath(path, mode: 0o600), handlers: [handler], logger: Logger(label: "toy") { _ in SwiftLogNoOpLogHandler() },
            whenListening: { listening.mark("listening") })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await listening.wait(for: "listening")
            do {
                try await body(ToyServer(path: path, handler: handler))
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
            while let _ = try await group.next() {}
        }
    }
}

/// A peer that writes bytes as it likes.
final class RawPeer {
    let descriptor: Int32

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard status == 0 else { throw CocoaError(.fileReadUnknown) }
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
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
