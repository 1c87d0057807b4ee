// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonHarness
import Foundation
import LikenessInterface
import ProgramHarness
import Varlink

/// One user verifying while another does what keeps a daemon from answering.
struct AttackBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attack",
        abstract:
            "Attacks on the daemon with another user verifying meanwhile: that user's latency, errors, memory. As root."
    )

    @OptionGroup var subject: Subject

    @Option(help: "Seconds of each attack.")
    var seconds = 20

    @Option(help: "Images whose decoding takes long, which an attacker verifies.")
    var slow: [String] = []

    @Option(help: "Only the attacks whose names begin so.")
    var only: String?

    private static let victim = OtherUser(id: 64_001), attacker = OtherUser(id: 64_002),
        stranger = OtherUser(id: 64_003)

    func run() async throws {
        guard geteuid() == 0 else { throw ValidationError("the users are others than the daemon's: run this as root") }
        let people = try subject.people().prefix(4)
        let daemon = try await subject.startedDaemon(
            configuration: """
                [socket]
                mode = "0666"
                [access]
                verify = ["\(Self.victim.id)", "\(Self.attacker.id)"]
                score = ["\(Self.victim.id)", "\(Self.attacker.id)"]
                [work]
                workers = 2
                """)
        let folder = try SharedFolder(opening: daemon)
        let setUp = try await daemon.connect()
        var probes: [[String: Any]] = []
        for person in people {
            _ = try await setUp.call(
                Enroll(identity: person.name, image: base64(ofFile: person.photographs[0])))
            for photograph in person.photographs.dropFirst(3) {
                probes.append(Self.verification(of: person.name, image: try base64(ofFile: photograph)))
            }
        }
        await setUp.close()
        let calls = try folder.write(calls: probes, to: "probes")
        let slowCalls = try folder.write(
            calls: slow.map { Self.verification(of: people[people.startIndex].name, image: try base64(ofFile: $0)) },
            to: "slow")

        let plain = try await measure(daemon, calls, folder, during: nil)
        plain.print(as: "nothing", seconds: seconds, baseline: nil)
        for attack in attacks(calls: calls, slowCalls: slowCalls) where only.map({ attack.name.hasPrefix($0) }) ?? true
        {
            let outcome = try await measure(daemon, calls, folder, during: attack)
            outcome.print(as: attack.name, seconds: seconds, baseline: plain)
            guard daemon.isRunning else { throw HarnessError("the daemon died:\n\(daemon.log)") }
        }
        try await Task.sleep(for: .seconds(3))
        print("memory afterwards  \(try daemon.memory().resident >> 20) MiB")
    }

    private static func verification(of identity: String, image: String) -> [String: Any] {
        ["method": Verify.name, "parameters": ["identity": identity, "image": image]]
    }

    private struct Attack {
        let name: String
        let user: OtherUser
        let arguments: [String]
    }

    private func attacks(calls: String, slowCalls: String) -> [Attack] {
        var attacks = [
            Attack(
                name: "300 idle connections of a user without a role", user: Self.stranger, arguments: ["idle", "300"]),
            Attack(
                name: "300 idle connections of a user with a role", user: Self.attacker, arguments: ["idle", "300"]),
            Attack(
                name: "parts of messages, 512 MiB, without a role", user: Self.stranger,
                arguments: ["partial", "64", "8388608"]),
            Attack(
                name: "parts of messages, 512 MiB, with a role", user: Self.attacker,
                arguments: ["partial", "64", "8388608"]),
            Attack(name: "32 connections of NULs", user: Self.attacker, arguments: ["nuls", "32", "131072"]),
            Attack(name: "100 connections calling Verify", user: Self.attacker, arguments: ["call", "100", calls]),
            Attack(name: "connecting again and again", user: Self.stranger, arguments: ["reconnect", "8"]),
        ]
        if !slow.isEmpty {
            attacks.append(
                Attack(
                    name: "16 connections verifying slow images", user: Self.attacker,
                    arguments: ["call", "16", slowCalls]))
        }
        return attacks
    }

    /// What the victim saw, and the daemon's peak meanwhile.
    private struct Outcome {
        let durations: Durations
        let errors: [String]
        let peak: Int
        let attacker: String

        func print(as name: String, seconds: Int, baseline: Outcome?) {
            Swift.print("\(name)")
            Swift.print("    answers          \(durations.count) in \(seconds) s")
            let p99 = durations.quantile(0.99)
            let factor =
                baseline.map {
                    " (\((p99.inSeconds / $0.durations.quantile(0.99).inSeconds * 10).rounded() / 10) × without)"
                } ?? ""
            Swift.print("    latency p50      \(durations.quantile(0.5).milliseconds)")
            Swift.print("    latency p99      \(p99.milliseconds)\(factor)")
            Swift.print("    slowest          \(durations.quantile(1).milliseconds)")
            Swift.print("    errors           \(errors.count)\(errors.first.map { ", as \($0)" } ?? "")")
            Swift.print("    peak memory      \(peak >> 20) MiB")
            if !attacker.isEmpty { Swift.print("    the attacker got \(attacker)") }
        }
    }

    private func measure(
        _ daemon: Daemon, _ calls: String, _ folder: SharedFolder, during attack: Attack?
    ) async throws -> Outcome {
        if let process = daemon.processIdentifier {
            try "5".write(toFile: "/proc/\(process)/clear_refs", atomically: false, encoding: .utf8)
        }
        var attacking: RunningProgram?
        if let attack {
            attacking = try attack.user.start(
                [attack.arguments[0], daemon.socket, "\(seconds + 2)"] + attack.arguments.dropFirst(),
                output: folder.path("attacker"))
            try await Task.sleep(for: .seconds(1))
        }
        let victim = try Self.victim.start(
            ["victim", daemon.socket, "\(seconds)", calls], output: folder.path("victim"))
        guard try await victim.status(within: .seconds(seconds + 120)) == 0 else {
            throw HarnessError("the victim's program failed: \(try folder.read("victim"))")
        }
        let peak = try daemon.memory().peak
        if let attacking, try await attacking.status(within: .seconds(30)) == nil { try attacking.kill() }
        let lines = try folder.read("victim").split(separator: "\n")
        let durations = lines.compactMap { Double($0).map { Duration.seconds($0) } }
        let summary = attack == nil ? "" : try folder.read("attacker").trimmingCharacters(in: .whitespacesAndNewlines)
        return Outcome(
            durations: Durations(durations), errors: lines.filter { Double($0) == nil }.map(String.init), peak: peak,
            attacker: summary)
    }
}

/// A folder that every user can read, and the way to the daemon's socket opened to them.
private struct SharedFolder {
    private let folder: TemporaryFolder

    init(opening daemon: Daemon) throws {
        folder = try TemporaryFolder()
        for path in [folder.path, daemon.home.path, daemon.home.appending("run")] { try Self.open(path, 0o755) }
    }

    func path(_ name: String) -> String { folder.appending(name) }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(name))), as: UTF8.self)
    }

    /// Calls, each ended by NUL; returns the file's path.
    func write(calls: [[String: Any]], to name: String) throws -> String {
        var bytes = Data()
        for call in calls { bytes += try JSONSerialization.data(withJSONObject: call) + [0] }
        try bytes.write(to: URL(fileURLWithPath: path(name)))
        try Self.open(path(name), 0o644)
        return path(name)
    }

    private static func open(_ path: String, _ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}

/// A user that is neither root nor the daemon's, and what it does to the daemon, in a program of its own.
private struct OtherUser {
    let id: Int

    /// An attacker runs at the lowest priority: what it costs the machine to attack is not the daemon's doing.
    func start(_ arguments: [String], output: String) throws -> RunningProgram {
        guard let python = TestEnvironment.python else { throw ValidationError("set LIKENESS_PYTHON to a Python") }
        // The link's target: others may not be let into the project's own folder.
        let program = URL(fileURLWithPath: python).resolvingSymlinksInPath().path
        let priority = arguments[0] == "victim" ? "0" : "19"
        return try RunningProgram(
            "/usr/bin/nice",
            [
                "-n", priority, "/usr/bin/setpriv", "--reuid=\(id)", "--regid=\(id)", "--clear-groups", "--", program,
                "-c", Self.script,
            ] + arguments,
            output: .file(output), errors: nil)
    }

    /// usage: victim|idle|partial|nuls|call|reconnect SOCKET SECONDS …
    private static let script = #"""
        import collections, json, selectors, socket, sys, time

        role, path, seconds, rest = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4:]
        end = time.monotonic() + seconds

        def connect():
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(path)
            return peer

        def calls(file):
            return [call + b"\0" for call in open(file, "rb").read().split(b"\0") if call]

        def victim(file):
            messages = calls(file)
            peer = connect()
            number = 0
            while time.monotonic() < end:
                begun = time.monotonic()
                peer.sendall(messages[number % len(messages)])
                number += 1
                answer = b""
                while not answer.endswith(b"\0"):
                    part = peer.recv(65536)
                    if not part:
                        print("closed without an answer", flush=True)
                        peer = connect()
                        break
                    answer += part
                else:
                    error = json.loads(answer[:-1]).get("error")
                    print(error or time.monotonic() - begun, flush=True)

        class Flood:
            "Connections that send and read without waiting for one another."
            def __init__(self, count, first, next=None, reconnects=False):
                self.selector, self.outcomes = selectors.DefaultSelector(), collections.Counter()
                self.first, self.next, self.reconnects = first, next, reconnects
                self.answered, self.longest = None, 0.0
                for number in range(count): self.open(number)

            def open(self, number):
                peer = socket.socket(socket.AF_UNIX)
                peer.setblocking(False)
                try:
                    peer.connect(path)
                except OSError as error:
                    self.outcomes[type(error).__name__] += 1
                    peer.close()
                    return
                self.outcomes["connections"] += 1
                self.selector.register(peer, selectors.EVENT_READ | selectors.EVENT_WRITE, [number, self.first(number), b""])

            def count(self, outcome):
                self.outcomes[outcome] += 1
                # Of the two workers one is left to the victim: so long the other was at one call, at most.
                if outcome != "Busy" and self.next:
                    now = time.monotonic()
                    if self.answered: self.longest = max(self.longest, now - self.answered)
                    self.answered = now

            def want(self, peer, state):
                self.selector.modify(peer, selectors.EVENT_READ | (selectors.EVENT_WRITE if state[1] else 0), state)

            def close(self, peer, number):
                self.selector.unregister(peer)
                peer.close()
                self.outcomes["closed"] += 1
                if self.reconnects: self.open(number)

            def run(self):
                while time.monotonic() < end:
                    if not self.selector.get_map():
                        time.sleep(0.05)
                        continue
                    for key, events in self.selector.select(0.2):
                        peer, state = key.fileobj, key.data
                        try:
                            if events & selectors.EVENT_WRITE and state[1]:
                                state[1] = state[1][peer.send(state[1][:65536]):]
                                self.want(peer, state)
                            if events & selectors.EVENT_READ:
                                part = peer.recv(65536)
                                if not part:
                                    self.close(peer, state[0])
                                    continue
                                state[2] += part
                                while b"\0" in state[2]:
                                    answer, _, state[2] = state[2].partition(b"\0")
                                    reply = json.loads(answer)
                                    self.count(reply.get("error", "answers").rpartition(".")[2])
                                    if self.next:
                                        state[1] += self.next(state[0])
                                        self.want(peer, state)
                        except BlockingIOError:
                            pass
                        except OSError:
                            self.close(peer, state[0])
                print(", ".join(f"{count} {what}" for what, count in sorted(self.outcomes.items()))
                      + (f"; a worker was held for at most {self.longest * 1000:.0f} ms" if self.longest else ""), flush=True)

        if role == "victim":
            victim(rest[0])
        elif role == "idle":
            Flood(int(rest[0]), lambda number: b"").run()
        elif role == "partial":
            part = b'{"method":"io.likeness.Verification.Verify","parameters":{"image":"' + b"A" * int(rest[1])
            Flood(int(rest[0]), lambda number: part).run()
        elif role == "nuls":
            Flood(int(rest[0]), lambda number: b"\0" * int(rest[1]), reconnects=True).run()
        elif role == "reconnect":
            Flood(int(rest[0]), lambda number: b'{"method":"org.varlink.service.GetInfo"}\0', reconnects=True).run()
        elif role == "call":
            messages = calls(rest[1])
            send = lambda number: messages[number % len(messages)]
            Flood(int(rest[0]), send, send, reconnects=True).run()
        """#
}
