// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import Varlink

/// What a call's parameters are read as, and when.
@Suite struct ParametersTests {
    /// Counts how often it is read, by its word.
    private struct CountedWord: Codable, Sendable {
        static let readings = Mutex<[String: Int]>([:])

        let word: String

        init(word: String) {
            self.word = word
        }

        init(from decoder: any Decoder) throws {
            word = try [String: String](from: decoder)["word"] ?? ""
            Self.readings.withLock { [word] in $0[word, default: 0] += 1 }
        }
    }

    private struct Handler: VarlinkInterfaceHandler {
        let interfaceDescription = ""

        func parameters(of method: String) -> any (Decodable & Sendable).Type {
            method == "Say" ? CountedWord.self : NoFields.self
        }

        func handle(_ call: VarlinkCall) async throws {}
    }

    private func call(_ method: String, _ parameters: some Encodable) throws -> VarlinkCall {
        let text = try MessageCoding.bytes(CallMessage(method: method, parameters: parameters))
        let message = try #require(text.getSlice(at: 0, length: text.readableBytes - 1))
        return try VarlinkCall(
            message, to: Handler(), from: PeerCredentials(processID: 1, userID: 1, groupID: 1), send: { _ in })
    }

    @Test func `parameters are read once, with the message, however often they are asked for`() throws {
        let word = UUID().uuidString
        let call = try call("Say", ["word": word])
        for _ in 0..<3 { #expect(try call.parameters(as: CountedWord.self).word == word) }
        #expect(CountedWord.readings.withLock { $0[word] } == 1)
    }

    @Test func `what is not a parameter is told when it is asked for, and not before`() throws {
        let call = try call("Say", ["word": 5])
        #expect(throws: VarlinkError.invalidParameter("word")) { try call.parameters(as: CountedWord.self) }
    }

    @Test func `a method without parameters looks at none`() throws {
        #expect(try call("Listen", 5).parameters(as: NoFields.self) == NoFields())
    }

    @Test func `asking for another type than is stated is the handler's own fault`() throws {
        let call = try call("Say", ["word": "x"])
        #expect { try call.parameters(as: NoFields.self) } throws: { !($0 is VarlinkError) }
    }
}
