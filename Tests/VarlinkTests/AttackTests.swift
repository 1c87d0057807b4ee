// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Synchronization
import Testing
import Varlink

/// What one caller does to keep the others from being answered, at limits that are soon reached.
@Suite("Attacks on a real socket")
struct AttackTests {
    private let echo = "org.example.toy.Echo"

    /// Another caller gets an answer, at once or as soon as the server has seen that somebody has gone.
    private func expectAnswer(_ server: ToyServer, _ comment: Comment? = nil) async throws {
        let client = try await VarlinkClient.connect(unixPath: server.path)
        #expect(
            try await client.call(echo, ToyHandler.Word(word: "x"), returning: ToyHandler.Word.self).word == "x",
            comment)
        await client.close()
    }

    /// A peer whose call has been answered, so that it is known to have a place.
    private func servedPeer(_ server: ToyServer) async throws -> RawPeer {
        let peer = try RawPeer(path: server.path)
        peer.call("Echo", #","parameters":{"word":"x"}"#)
        #expect(await peer.read() == #"{"parameters":{"word":"x"}}"#)
        return peer
    }

    @Test(
        "Who has more connections than one may have is told so by Busy of the interface called, and served when one is free"
    )
    func tooManyConnections() async throws {
        try await ToyServer.run(limits: VarlinkLimits(maximumConnections: 16, maximumConnectionsPerUser: 2)) { server in
            var held = [try await servedPeer(server), try await servedPeer(server)]
            let refused = try RawPeer(path: server.path)
            refused.call("Release")
            let answer = await refused.read()
            #expect(
                answer?.contains(#""error":"org.example.toy.Busy""#) == true
                    && answer?.contains("too many connections of yours: 2") == true)
            #expect(await refused.read() == nil)
            #expect(!server.handler.gate.has("released"))
            held.removeLast()
            // The server notices in its own time that one is free.
            while true {
                let peer = try RawPeer(path: server.path)
                peer.call("Echo", #","parameters":{"word":"y"}"#)
                if await peer.read() == #"{"parameters":{"word":"y"}}"# { break }
            }
        }
    }

    @Test(
        "A call of many bytes that is refused is taken to its end, so that its sender gets to the answer",
        arguments: [true, false])
    func largeRefusedCall(methodFirst: Bool) async throws {
        let limits = VarlinkLimits(maximumMessageBytes: 4 << 20, maximumConnections: 16, maximumConnectionsPerUser: 1)
        try await ToyServer.run(limits: limits) { server in
            let held = try await servedPeer(server)
            let refused = try RawPeer(path: server.path)
            let parameters = #""parameters":{"word":"\#(String(repeating: "x", count: 3 << 20))"}"#,
                method = #""method":"\#(echo)""#
            #expect(refused.write("{\(methodFirst ? method : parameters),\(methodFirst ? parameters : method)}\0"))
            #expect(await refused.read()?.contains(#""error":"org.example.toy.Busy""#) == true)
            #expect(await refused.read() == nil)
            held.call("Echo", #","parameters":{"word":"z"}"#)
            #expect(await held.read() == #"{"parameters":{"word":"z"}}"#)
        }
    }

    @Test("A caller without a role gets one answer, whatever it calls, and keeps nobody else from theirs")
    func unknownCallers() async throws {
        let standing = Mutex(PeerStanding.unknown)
        try await ToyServer.run(
            limits: VarlinkLimits(maximumConnections: 32), standing: { _ in standing.withLock { $0 } }
        ) { server in
            let peer = try RawPeer(path: server.path)
            peer.write(
                #"{"method":"org.varlink.service.GetInfo"}"# + "\0" + #"{"method":"org.varlink.service.GetInfo"}"#
                    + "\0")
            #expect(await peer.read()?.contains(#""product":"Toy""#) == true)
            #expect(await peer.read() == nil)
            // What takes many bytes is not looked at. The place of the first is free when the server has seen its end.
            let text =
                #"{"method":"org.example.toy.Release","parameters":{"word":"\#(String(repeating: "x", count: 100_000))"}}"#
                + "\0"
            var large = try RawPeer(path: server.path)
            while !large.write(text) { large = try RawPeer(path: server.path) }
            #expect(await large.read()?.contains("org.varlink.service.PermissionDenied") == true)
            #expect(await large.read() == nil)
            #expect(!server.handler.gate.has("released"))
            // 300 connections that say nothing: one of them stays.
            let idle = try (0..<300).map { _ in try RawPeer(path: server.path) }
            while idle.count(where: { !$0.isEnded }) > 1 { try await Task.sleep(for: .milliseconds(2)) }
            standing.withLock { $0 = .admitted }
            try await expectAnswer(server)
            withExtendedLifetime(idle) {}
        }
    }

    @Test("A caller without a role that says nothing, or is slow, is closed in time")
    func silentUnknownCaller() async throws {
        try await ToyServer.run(limits: VarlinkLimits(briefTimeout: .milliseconds(50)), standing: { _ in .unknown }) {
            server in
            let silent = try RawPeer(path: server.path), slow = try RawPeer(path: server.path)
            slow.write(#"{"method":"#)
            #expect(await silent.read() == nil)
            #expect(await slow.read() == nil)
        }
    }

    @Test("A caller whose standing is asked for holds nobody up, and is served once it is known")
    func askedStanding() async throws {
        let connected = Mutex(0), gate = Gate()
        try await ToyServer.run(
            standing: { _ in
                connected.withLock { count in
                    count += 1
                    return count == 1 ? nil : .admitted
                }
            },
            askStanding: { _ in
                gate.mark("asked")
                try? await gate.wait(for: "known")
                return .admitted
            }
        ) { server in
            let waiting = try RawPeer(path: server.path)
            waiting.call("Echo", #","parameters":{"word":"late"}"#)
            try await gate.wait(for: "asked")
            try await expectAnswer(server)
            gate.mark("known")
            #expect(await waiting.read() == #"{"parameters":{"word":"late"}}"#)
            waiting.call("Echo", #","parameters":{"word":"again"}"#)
            #expect(await waiting.read() == #"{"parameters":{"word":"again"}}"#)
        }
    }

    @Test("An idle connection is closed in time; one whose call is being answered is not idle, however long that takes")
    func idleConnections() async throws {
        try await ToyServer.run(limits: VarlinkLimits(idleTimeout: .milliseconds(50))) { server in
            let busy = try RawPeer(path: server.path)
            busy.call("Wait")
            try await server.handler.gate.wait(for: "waiting")
            let idle = try await servedPeer(server)
            #expect(await idle.read() == nil)
            #expect(await (try RawPeer(path: server.path)).read() == nil)
            server.handler.gate.mark("released")
            #expect(await busy.read() == #"{"parameters":{}}"#)
            #expect(await busy.read() == nil)
        }
    }

    @Test(
        "Parts of messages that hold a user's share make a further call Busy; its connection and the others' go on when they are gone"
    )
    func partialMessages() async throws {
        let limits = VarlinkLimits(
            maximumMessageBytes: 10_000, maximumConnections: 64, maximumBufferedBytes: 100_000,
            maximumBufferedBytesPerUser: 20_000)
        try await ToyServer.run(limits: limits) { server in
            let word = String(repeating: "y", count: 9000)
            let call = #"{"method":"\#(echo)","parameters":{"word":"\#(word)"}}"# + "\0",
                answer = #"{"parameters":{"word":"\#(word)"}}"#
            func answered() async throws -> String? {
                let peer = try RawPeer(path: server.path)
                peer.write(call)
                return await peer.read()
            }
            // A part that arrives beside a call finds no room and holds nothing: then two others are sent.
            var reply: String?
            repeat {
                let partial = [try RawPeer(path: server.path), try RawPeer(path: server.path)]
                for peer in partial { peer.write(String(repeating: "x", count: 9000)) }
                var tries = 0
                repeat {
                    reply = try await answered()
                    tries += 1
                } while reply == answer && tries < 50
                withExtendedLifetime(partial) {}
            } while reply == answer
            let refused = try #require(reply)
            #expect(
                refused.contains("org.example.toy.Busy") && refused.contains("too many bytes of yours"), "\(refused)")
            while try await answered() != answer {}
            for _ in 0..<4 { #expect(try await answered() == answer) }
        }
    }

    @Test("A peer is read no further than one call ahead: what it sends meanwhile fills its own socket")
    func readAhead() async throws {
        try await ToyServer.run { server in
            let peer = try RawPeer(path: server.path)
            peer.call("Wait")
            try await server.handler.gate.wait(for: "waiting")
            let flood = String(repeating: "\0", count: 65_536)
            var sent = 0
            for _ in 0..<64 {
                sent += peer.writeWhatFits(flood)
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(sent < 1 << 20)
            server.handler.gate.mark("released")
            #expect(await peer.read() == #"{"parameters":{}}"#)
        }
    }

    @Test("A flood of messages that are no calls is answered a few times and closed for it, and others are answered")
    func emptyMessages() async throws {
        try await ToyServer.run(limits: VarlinkLimits(maximumMalformedMessages: 5)) { server in
            let peers = try (0..<8).map { _ in try RawPeer(path: server.path) }
            for peer in peers { _ = peer.writeWhatFits(String(repeating: "\0", count: 100_000)) }
            try await expectAnswer(server)
            for peer in peers {
                var replies: [String] = []
                while let reply = await peer.read() { replies.append(reply) }
                #expect(
                    replies.count == 6
                        && replies.last?.contains("5 messages one after the other were no calls") == true, "\(replies)")
            }
        }
    }

    @Test("Refused connections are told of in the log once in a while, and not one by one")
    func quietLog() async throws {
        try await ToyServer.run(limits: VarlinkLimits(maximumConnections: 16, maximumConnectionsPerUser: 1)) { server in
            let held = try await servedPeer(server)
            for _ in 0..<50 {
                let peer = try RawPeer(path: server.path)
                peer.call("WhoAmI")
                _ = await peer.read()
            }
            #expect(server.log.all.count <= 2, "\(server.log.all)")
            withExtendedLifetime(held) {}
        }
    }

    @Test("Without a free descriptor the server waits, says so once and goes on when there is one")
    func descriptors() async throws {
        try await ToyServer.run { server in
            try await expectAnswer(server)
            let peers = (0..<6).map { _ in RawPeer() }
            var limit = rlimit()
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
            #expect(getrlimit(resource, &limit) == 0)
            let free = dup(0)
            close(free)
            // One more descriptor, and no other.
            var lowered = rlimit(rlim_cur: rlim_t(free + 1), rlim_max: limit.rlim_max)
            #expect(setrlimit(resource, &lowered) == 0)
            defer { setrlimit(resource, &limit) }
            for peer in peers { #expect(peer.connect(to: server.path)) }
            try await Task.sleep(for: .milliseconds(600))
            // One that does not pause tries thousands of times.
            let tries = server.log.debug.count { $0.contains("Accepting failed") }
            #expect((1...20).contains(tries), "\(tries)")
            #expect(setrlimit(resource, &limit) == 0)
            for peer in peers {
                peer.call("Echo", #","parameters":{"word":"x"}"#)
                #expect(await peer.read() == #"{"parameters":{"word":"x"}}"#)
            }
            #expect(server.log.all.count { $0.contains("cannot be accepted") } == 1, "\(server.log.all)")
        }
    }

    @Test(
        "Another user is answered while one holds all that one may have, and its groups are those that the kernel tells",
        .enabled(
            if: geteuid() == 0 && PythonReference.isPresent,
            "needs root, to become another user, and \(PythonReference.missing)"))
    func anotherUser() async throws {
        let limits = VarlinkLimits(maximumConnections: 16, maximumConnectionsPerUser: 2)
        try await ToyServer.run(limits: limits, mode: 0o666) { server in
            let held = [try await servedPeer(server), try await servedPeer(server)]
            // More than are asked for at first; one that it does not have in its user's account, and not the one it
            // runs with.
            let groups = (0..<100).map { UInt32(70_000 + $0) }
            let python = URL(filePath: try #require(TestEnvironment.python)).resolvingSymlinksInPath().path
            let result = try await Command.run(
                "/usr/bin/setpriv",
                ["--reuid=65534", "--regid=65533", "--groups=" + groups.map(String.init).joined(separator: ","), "--"]
                    + [python, "-c", Self.askWhoIAm, server.path])
            #expect(result.status == 0, "\(result.errors)")
            let who = try JSONDecoder().decode(ToyHandler.Who.self, from: Data(result.output.utf8))
            #expect(who.uid == 65_534 && who.gid == 65_533 && who.groups == groups)
            withExtendedLifetime(held) {}
        }
    }

    /// Prints the parameters of the answer. A program of its own text, since the other user may not be let to the
    /// project's files.
    private static let askWhoIAm = """
        import json, socket, sys
        peer = socket.socket(socket.AF_UNIX)
        peer.connect(sys.argv[1])
        peer.sendall(b'{"method":"org.example.toy.WhoAmI"}\\0')
        answer = b''
        while not answer.endswith(b'\\0'):
            answer += peer.recv(65536) or sys.exit("closed without an answer")
        print(json.dumps(json.loads(answer[:-1])["parameters"]))
        """
}
