// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonHarness
import Foundation
import LikenessInterface
import ProgramHarness

/// Damaged and lying messages on the real socket.
struct HostileMessagesTrial: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hostile-messages",
        abstract:
            "Mutated messages, each on a connection: every one answered, or closed for a stated reason; memory bounded."
    )

    @OptionGroup var subject: Subject

    @Option(help: "How many mutated messages.")
    var count = 10_000

    @Option(help: "Seed of the mutations.")
    var seed: UInt64 = 1

    /// Longer than the daemon takes for any of them.
    private static let timeout = 60

    func run() async throws {
        let people = try subject.people()
        let daemon = try await subject.startedDaemon()
        let client = try await daemon.connect()
        let image = try base64(ofFile: people[0].photographs[0])
        _ = try await client.call(Enroll(identity: people[0].name, image: image))
        await client.close()
        let before = try daemon.memory()
        let originals = try Self.calls(of: people[0].name, image: image).map {
            try JSONSerialization.data(withJSONObject: $0)
        }

        var generator = SeededGenerator(seed: seed)
        var outcomes: [String: Int] = [:]
        var slowest = Duration.zero
        for number in 0..<count {
            let mutation = MessageMutation.allCases[number % MessageMutation.allCases.count]
            let original = originals[number / MessageMutation.allCases.count % originals.count]
            let message = mutation.applied(to: [UInt8](original), using: &generator)
            let start = ContinuousClock.now
            let replies = try Self.exchange(message, socket: daemon.socket)
            slowest = max(slowest, ContinuousClock.now - start)
            for outcome in try Self.outcomes(of: replies, to: message, "\(number) (\(mutation.rawValue))") {
                outcomes["\(mutation.rawValue): \(outcome)", default: 0] += 1
            }
        }
        let after = try daemon.memory()
        for (outcome, times) in outcomes.sorted(by: { $0.key < $1.key }) { print("\(times)\t\(outcome)") }
        print("messages           \(count)")
        print("slowest answer     \(slowest.milliseconds)")
        print("memory before      \(before.resident >> 20) MiB")
        print("peak memory        \(after.peak >> 20) MiB")
        print("daemon             \(daemon.isRunning ? "alive" : "DEAD")")
        if !daemon.isRunning { throw ExitCode.failure }
    }

    private static func calls(of identity: String, image: String) -> [[String: Any]] {
        [
            ["method": Verify.name, "parameters": ["identity": identity, "image": image]],
            ["method": Identify.name, "parameters": ["image": image, "limit": 3]],
            ["method": Enroll.name, "parameters": ["identity": "other", "image": image]],
            ["method": Describe.name, "parameters": ["identity": identity]],
            ["method": List.name, "parameters": [String: String](), "more": true],
            ["method": Status.name],
            [
                "method": "org.varlink.service.GetInterfaceDescription",
                "parameters": ["interface": InterfaceNames.admin],
            ],
        ]
    }

    /// Sends a message and ends this side of the connection; the whole replies, and whether the daemon then ended the
    /// other.
    private static func exchange(_ message: [UInt8], socket path: String) throws -> [Data] {
        let descriptor = try UnixSocket.connected(path)
        defer { close(descriptor) }
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var sent = 0
        while sent < message.count {
            let step = message[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // Closed by the daemon, which has answered.
            guard step > 0 else { break }
            sent += step
        }
        shutdown(descriptor, Int32(SHUT_WR))
        var received = Data(), bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let got = recv(descriptor, &bytes, bytes.count, 0)
            if got < 0, errno != ECONNRESET {
                throw HarnessError("no end of the connection within \(timeout) seconds")
            }
            guard got > 0 else { break }
            received += bytes.prefix(got)
        }
        guard received.isEmpty || received.last == 0 else { throw HarnessError("a reply without its end") }
        return received.split(separator: 0)
    }

    /// What came back, in words.
    private static func outcomes(of replies: [Data], to message: [UInt8], _ name: String) throws -> [String] {
        guard !replies.isEmpty else {
            // The two reasons that the protocol has: nothing was whole, or the call wanted no reply.
            guard !message.contains(0) || message.contains("\"oneway\":true") else {
                throw HarnessError("message \(name) was not answered")
            }
            return [message.contains(0) ? "no reply wanted" : "not a whole message"]
        }
        return try replies.map { reply in
            guard let fields = try JSONSerialization.jsonObject(with: reply) as? [String: Any] else {
                throw HarnessError("message \(name) was answered with \(String(decoding: reply, as: UTF8.self))")
            }
            guard let error = fields["error"] as? String else { return "answer" }
            guard !error.hasSuffix(".Internal") else {
                throw HarnessError("message \(name) gave \(String(decoding: reply, as: UTF8.self))")
            }
            return "error: \(error.split(separator: ".").last ?? "")"
        }
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: String) -> Bool {
        String(decoding: self, as: UTF8.self).contains(text)
    }
}
