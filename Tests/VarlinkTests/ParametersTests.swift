// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
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

    private struct Measures: Decodable, Sendable {
        struct Part: Decodable, Sendable { let size: Int8 }

        let user: UInt32?
        let count: Int?
        let rate: Double?
        let name: String?
        let names: [String]?
        let parts: [Part]?
    }

    private struct Handler: VarlinkInterfaceHandler {
        let interfaceDescription = ""

        func parameters(of method: String) -> any (Decodable & Sendable).Type {
            switch method {
            case "Say": CountedWord.self
            case "Measure": Measures.self
            default: NoFields.self
            }
        }

        func handle(_ call: VarlinkCall) async throws {}
    }

    private func call(_ method: String, _ parameters: some Encodable) throws -> VarlinkCall {
        let text = try MessageCoding.bytes(CallMessage(method: method, parameters: parameters))
        return try call(#require(text.getSlice(at: 0, length: text.readableBytes - 1)))
    }

    private func call(_ message: ByteBuffer) throws -> VarlinkCall {
        try VarlinkCall(
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

    @Test(arguments: [
        ("user", "1.5"), ("user", "-1"), ("user", "4294967296"), ("user", "1e999"), ("count", "9223372036854775808"),
        ("count", "0.1"), ("count", "1e400"), ("count", "true"), ("rate", "1e999"), ("rate", "-1e999"),
        ("name", #""\ud800""#), ("names", #"["a", "\udfff"]"#), ("parts", #"[{"size": 1.5}]"#),
        ("parts", #"[{"size": 1e999}]"#),
    ])
    func `a value that does not fit its type is told by the parameter's name`(_ name: String, _ value: String) throws {
        let text = #"{"method": "Measure", "parameters": {"\#(name)": \#(value)}}"#
        let refusal = #expect(throws: VarlinkError.self) {
            try call(ByteBuffer(string: text)).parameters(as: Measures.self)
        }
        #expect(refusal?.name == VarlinkError.invalidParameter("").name)
        #expect(refusal?.parameters["parameter"]?.stringValue?.hasPrefix(name) == true, "\(refusal.debugDescription)")
    }

    @Test func `whole numbers may be written as fractions`() throws {
        let text = #"{"method": "Measure", "parameters": {"user": 7.0, "count": 1e3, "name": "\ud83d\ude00"}}"#
        let measures = try call(ByteBuffer(string: text)).parameters(as: Measures.self)
        #expect(measures.user == 7 && measures.count == 1000 && measures.name == "\u{1F600}")
    }

    @Test(arguments: ["0.1e", "01", "1.", "-", "+1", "NaN", ".5", "1e+"])
    func `what is no number of JSON's is refused`(_ value: String) throws {
        let text = #"{"method": "Measure", "parameters": {"rate": \#(value)}}"#
        let refusal = #expect(throws: (any Error).self) {
            try call(ByteBuffer(string: text)).parameters(as: Measures.self)
        }
        switch refusal {
        case is DecodingError: break
        case let error as VarlinkError: #expect(error == .invalidParameter("rate"))
        default: Issue.record("\(refusal.debugDescription)")
        }
    }

    @Test func `a method without parameters looks at none`() throws {
        #expect(try call("Listen", 5).parameters(as: NoFields.self) == NoFields())
    }

    @Test func `asking for another type than is stated is the handler's own fault`() throws {
        let call = try call("Say", ["word": "x"])
        #expect { try call.parameters(as: NoFields.self) } throws: { !($0 is VarlinkError) }
    }
}
