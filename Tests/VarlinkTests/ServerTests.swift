// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Varlink

@Suite("A server on a real socket")
struct ServerTests {
    private let echo = "org.example.toy.Echo"

    @Test("A call is answered, and the server tells what it is")
    func calls() async throws {
        try await ToyServer.run { server in
            let client = try await VarlinkClient.connect(unixPath: server.path)
            #expect(
                try await client.call(echo, ToyHandler.Word(word: "Grüße\u{1F600}"), returning: ToyHandler.Word.self)
                    .word == "Grüße\u{1F600}")
            let info = try await client.call(
                "org.varlink.service.GetInfo", ToyHandler.Nothing(), returning: [String: JSONValue].self)
            #expect(info["product"] == .string("Toy"))
            #expect(info["interfaces"] == .array([.string("org.varlink.service"), .string("org.example.toy")]))
            let described = try await client.call(
                "org.varlink.service.GetInterfaceDescription", ["interface": "org.example.toy"],
                returning: [String: String].self)
            #expect(described["description"] == server.handler.interfaceDescription)
            let who = try await client.call(
                "org.example.toy.WhoAmI", ToyHandler.Nothing(), returning: ToyHandler.Who.self)
            #expect(who.uid == getuid() && who.pid == getpid() && who.gid == getgid())
            var groups = [gid_t](repeating: 0, count: 65_536)
            #expect(who.groups == Array(groups[..<Int(getgroups(65_536, &groups))]))
            #expect(
                try await client.serverCredentials()
                    == PeerCredentials(processID: getpid(), userID: getuid(), groupID: getgid(), groups: who.groups))
            await client.close()
        }
    }

    @Test("What does not exist, is missing or breaks is answered by the errors of org.varlink.service")
    func errors() async throws {
        try await ToyServer.run { server in
            let client = try await VarlinkClient.connect(unixPath: server.path)
            func error(_ method: String, _ parameters: [String: JSONValue] = [:]) async -> VarlinkError? {
                do {
                    _ = try await client.call(method, parameters, returning: [String: JSONValue].self)
                    return nil
                } catch {
                    return error as? VarlinkError
                }
            }
            #expect(await error("org.example.nothing.Do") == .interfaceNotFound("org.example.nothing"))
            #expect(await error("nonsense") == .interfaceNotFound("nonsense"))
            #expect(await error("org.example.toy.Nothing") == .methodNotFound("org.example.toy.Nothing"))
            #expect(await error("org.example.toy.Forgotten") == .methodNotImplemented("org.example.toy.Forgotten"))
            #expect(await error(echo) == .invalidParameter("word"))
            #expect(await error(echo, ["word": .int(7)]) == .invalidParameter("word"))
            #expect(await error("org.example.toy.Count", ["to": .int(3)]) == .expectedMore)
            #expect(await error("org.example.toy.Fail", ["words": .array([])])?.description == "it broke")
            let unforeseen = await error("org.example.toy.Fail")
            #expect(unforeseen?.name == "org.example.toy.Internal" && unforeseen?.description == "something unforeseen")
            #expect(
                await error("org.varlink.service.GetInterfaceDescription", ["interface": .string("a.b")])
                    == .interfaceNotFound("a.b"))
            await client.close()
        }
    }

    @Test("Several replies arrive in order, and the connection is free afterwards")
    func more() async throws {
        try await ToyServer.run { server in
            let client = try await VarlinkClient.connect(unixPath: server.path)
            var numbers: [Int] = []
            for try await reply in try client.stream(
                "org.example.toy.Count", ToyHandler.Limit(to: 200), returning: ToyHandler.Number.self)
            {
                numbers.append(reply.number)
            }
            #expect(numbers == Array(1...200))
            #expect(
                try await client.call(echo, ToyHandler.Word(word: "x"), returning: ToyHandler.Word.self).word == "x")
            await client.close()
        }
    }

    @Test("A slow reader of many replies holds the server back, and gets all of them")
    func slowReader() async throws {
        let total = 10_000
        try await ToyServer.run { server in
            let client = try await VarlinkClient.connect(unixPath: server.path)
            let replies = try client.stream(
                "org.example.toy.Count", ToyHandler.Limit(to: total), returning: ToyHandler.Number.self)
            var iterator = replies.makeAsyncIterator()
            #expect(try await iterator.next()?.number == 1)
            var before = -1
            while server.handler.gate.count != before {
                before = server.handler.gate.count
                try await Task.sleep(for: .milliseconds(200))
            }
            #expect(before < total - 1)
            var numbers = [1]
            while let reply = try await iterator.next() { numbers.append(reply.number) }
            #expect(numbers == Array(1...total))
            #expect(
                try await client.call(echo, ToyHandler.Word(word: "x"), returning: ToyHandler.Word.self).word == "x")
            await client.close()
        }
    }

    @Test("Many calls of many clients at once leave every connection open")
    func manyCalls() async throws {
        try await ToyServer.run { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let client = try await VarlinkClient.connect(unixPath: server.path)
                        for call in 0..<150 {
                            let word = ToyHandler.Word(word: "\(number) \(call)")
                            #expect(try await client.call(echo, word, returning: ToyHandler.Word.self) == word)
                        }
                        await client.close()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("Calls in one write are answered in their order, one-way ones not at all")
    func pipelining() async throws {
        try await ToyServer.run { server in
            let peer = try RawPeer(path: server.path)
            peer.write(
                (0..<20).map {
                    #"{"method":"org.example.toy.Echo","parameters":{"word":"\#($0)"}\#($0 % 3 == 1 ? #","oneway":true"# : "")}"#
                        + "\0"
                }.joined())
            for number in 0..<20 where number % 3 != 1 {
                #expect(await peer.read() == #"{"parameters":{"word":"\#(number)"}}"#)
            }
        }
    }

    @Test("A message may come byte by byte")
    func slowly() async throws {
        try await ToyServer.run { server in
            let peer = try RawPeer(path: server.path)
            for character in #"{"method":"org.varlink.service.GetInfo"}"# + "\0" { peer.write(String(character)) }
            #expect(await peer.read()?.contains(#""product":"Toy""#) == true)
        }
    }

    @Test("What is no JSON is answered with an error, and the connection goes on")
    func garbage() async throws {
        try await ToyServer.run { server in
            let peer = try RawPeer(path: server.path)
            for text in ["", "nonsense", "[1]", "{}", #"{"method":7}"#, "\u{FFFD}{"] {
                peer.write(text + "\0")
                #expect(await peer.read()?.contains("org.varlink.service.InvalidParameter") == true, "\(text)")
            }
            peer.write(#"{"method":"org.example.toy.Echo","parameters":{"word":"still here"}}"# + "\0")
            #expect(await peer.read()?.contains("still here") == true)
        }
    }

    @Test("A message over the limit is refused and its connection closed; others do not notice")
    func oversized() async throws {
        try await ToyServer.run(limits: VarlinkLimits(maximumMessageBytes: 1000)) { server in
            let client = try await VarlinkClient.connect(unixPath: server.path)
            let peer = try RawPeer(path: server.path)
            peer.write(String(repeating: "x", count: 1001))
            #expect(await peer.read()?.contains("more than 1000 bytes") == true)
            #expect(await peer.read() == nil)
            #expect(
                try await client.call(echo, ToyHandler.Word(word: "x"), returning: ToyHandler.Word.self).word == "x")
            await client.close()
        }
    }

    @Test("A message of very many small values is refused before it is decoded; values within strings do not count")
    func manyValues() async throws {
        try await ToyServer.run(limits: VarlinkLimits(maximumValues: 20)) { server in
            let peer = try RawPeer(path: server.path)
            let word = String(repeating: #"[{:,\"\\"#, count: 50)
            peer.write(#"{"method":"org.example.toy.Echo","parameters":{"word":"\#(word)"}}"# + "\0")
            #expect(await peer.read() == #"{"parameters":{"word":"\#(word)"}}"#)
            peer.write(
                #"{"method":"org.example.toy.Echo","parameters":{"word":[1,2,3,4,5,6,7,8,9,10,11,12,13,14]}}"# + "\0")
            #expect(await peer.read()?.contains("more than 20 keys and values") == true)
            #expect(await peer.read() == nil)
        }
    }

    @Test("A message that is begun and not ended closes the connection in time")
    func unfinished() async throws {
        try await ToyServer.run(limits: VarlinkLimits(messageTimeout: .milliseconds(50))) { server in
            let peer = try RawPeer(path: server.path)
            peer.write(#"{"method":"#)
            #expect(await peer.read()?.contains("did not arrive in time") == true)
            #expect(await peer.read() == nil)
        }
    }

    @Test("A handler is cancelled when its peer goes away")
    func disconnect() async throws {
        try await ToyServer.run { server in
            do {
                let peer = try RawPeer(path: server.path)
                peer.write(#"{"method":"org.example.toy.Wait"}"# + "\0")
                try await server.handler.gate.wait(for: "waiting")
            }
            try await server.handler.gate.wait(for: "cancelled")
        }
    }

    @Test("A waiting connection does not hold up another")
    func independence() async throws {
        try await ToyServer.run { server in
            let peer = try RawPeer(path: server.path)
            peer.write(#"{"method":"org.example.toy.Wait"}"# + "\0")
            try await server.handler.gate.wait(for: "waiting")
            let client = try await VarlinkClient.connect(unixPath: server.path)
            _ = try await client.call(
                "org.example.toy.Release", ToyHandler.Nothing(), returning: ToyHandler.Nothing.self)
            #expect(await peer.read() == #"{"parameters":{}}"#)
            await client.close()
        }
    }

    @Test("Calls of a peer that has ended its side are all answered, and then the connection is closed")
    func halfClosed() async throws {
        try await ToyServer.run { server in
            let peer = try RawPeer(path: server.path)
            for word in ["one", "two", "three"] { peer.call("Echo", #","parameters":{"word":"\#(word)"}"#) }
            peer.write(#"{"method":"#)
            peer.endWriting()
            for word in ["one", "two", "three"] { #expect(await peer.read() == #"{"parameters":{"word":"\#(word)"}}"#) }
            #expect(await peer.read() == nil)
        }
    }

    @Test("A call whose peer ended its side goes on, and is cancelled when the peer is gone for good")
    func halfClosedAndGone() async throws {
        try await ToyServer.run { server in
            do {
                let peer = try RawPeer(path: server.path)
                peer.call("Wait")
                peer.endWriting()
                try await server.handler.gate.wait(for: "waiting")
                try await Task.sleep(for: .milliseconds(50))
                #expect(!server.handler.gate.has("cancelled"))
            }
            try await server.handler.gate.wait(for: "cancelled")
        }
    }

    @Test("A call that wants to take the connection over is refused and not done, and the connection stays as it is")
    func upgrade() async throws {
        try await ToyServer.run { server in
            let peer = try RawPeer(path: server.path)
            peer.call("Release", #","upgrade":true"#)
            let answer = try #require(await peer.read())
            #expect(
                answer.contains(#""error":"org.varlink.service.InvalidParameter""#)
                    && answer.contains(#""parameters":{"parameter":"upgrade"}"#))
            #expect(!server.handler.gate.has("released"))
            peer.call("Echo", #","upgrade":false,"parameters":{"word":"still here"}"#)
            #expect(await peer.read()?.contains("still here") == true)
        }
    }

    @Test("A call without a reply is done, and the next call gets its own reply")
    func oneway() async throws {
        try await ToyServer.run { server in
            let client = try await VarlinkClient.connect(unixPath: server.path)
            try await client.send("org.example.toy.Release", ToyHandler.Nothing())
            #expect(
                try await client.call(echo, ToyHandler.Word(word: "x"), returning: ToyHandler.Word.self).word == "x")
            #expect(server.handler.gate.has("released"))
            await client.close()
        }
    }
}
