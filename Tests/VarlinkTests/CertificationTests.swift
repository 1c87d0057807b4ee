// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import ProgramHarness
import Testing
import Varlink

/// The Varlink project's own certification: its client against a service made with this library, and this library's
/// client against its service. Both are in the package `varlink` of PyPI.
@Suite("The Varlink project's certification", .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
struct CertificationTests {
    private static let program = "varlink.tests.test_certification"

    private func path() -> String { "/tmp/likeness-varlink-\(UUID().uuidString.prefix(8)).sock" }

    @Test("Their client passes against a service made with this library")
    func theirClient() async throws {
        let python = try #require(TestEnvironment.python), path = path()
        let description = try await Command.run(
            python,
            [
                "-c",
                """
                import os, varlink.tests
                print(open(os.path.join(os.path.dirname(varlink.tests.__file__), "org.varlink.certification.varlink")).read(), end="")
                """,
            ])
        let handler = CertificationHandler(interfaceDescription: description.output), listening = Gate()
        let server = try VarlinkServer(
            configuration: VarlinkServerConfiguration(
                vendor: "Example", product: "Certified", version: "1", url: "https://example.org/"),
            address: .unixPath(path, mode: 0o600), handlers: [handler],
            logger: Logger(label: "certification") { _ in SwiftLogNoOpLogHandler() },
            whenListening: { listening.mark("listening") })
        let running = Task { try await server.run() }
        try await listening.wait(for: "listening")
        let result = try await Command.run(python, ["-m", Self.program, "--client", "--varlink=unix:\(path)"])
        running.cancel()
        _ = await running.result
        #expect(
            result.status == 0 && result.output.contains("Certification passed") && result.output.contains("all_ok"),
            "\(result.output)\(result.errors)")
        #expect(handler.isPassed)
    }

    @Test("This library's client passes against their service")
    func theirService() async throws {
        let python = try #require(TestEnvironment.python), path = path()
        let service = try RunningProgram(
            python, ["-m", Self.program, "--varlink=unix:\(path)"], output: .nothing, errors: .nothing)
        defer { try? service.kill() }
        var connected: VarlinkClient?
        while connected == nil {
            guard service.isRunning else { throw HarnessError("their service ended") }
            connected = try? await VarlinkClient.connect(unixPath: path)
            if connected == nil { try await Task.sleep(for: .milliseconds(20)) }
        }
        let client = try #require(connected)
        let allOK = try await certify(with: client)
        await client.close()
        #expect(allOK == .bool(true))
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Each test's reply is the next one's parameters.
    private func certify(with client: VarlinkClient) async throws -> JSONValue? {
        func call(_ method: String, _ parameters: [String: JSONValue]) async throws -> [String: JSONValue] {
            try await client.call(
                "org.varlink.certification.\(method)", parameters, returning: [String: JSONValue].self)
        }
        let start = try await client.call(
            "org.varlink.certification.Start", [String: JSONValue](), returning: [String: JSONValue].self)
        let own = ["client_id": try #require(start["client_id"])]
        var reply: [String: JSONValue] = [:]
        for number in 1...9 {
            reply = try await call("Test0\(number)", own.merging(reply) { first, _ in first })
        }
        var last: [JSONValue] = []
        let parameters = own.merging(["mytype": try #require(reply["mytype"])]) { first, _ in first }
        for try await one in try client.stream(
            "org.varlink.certification.Test10", parameters, returning: [String: JSONValue].self)
        {
            last.append(try #require(one["string"]))
        }
        try await client.send(
            "org.varlink.certification.Test11", own.merging(["last_more_replies": .array(last)]) { first, _ in first })
        return try await call("End", own)["all_ok"]
    }
}

/// `org.varlink.certification`, as strict as the one of the Varlink project: each call has to come in its turn, with
/// the parameters that the reply before gave.
private final class CertificationHandler: VarlinkInterfaceHandler {
    let interfaceDescription: String
    private let gate = Gate()

    init(interfaceDescription: String) {
        self.interfaceDescription = interfaceDescription
    }

    var isPassed: Bool { gate.has("End") }

    private typealias Fields = [String: JSONValue]

    private struct Step {
        let method: String
        /// Beside the client's number, as JSON.
        let parameters: String
        let reply: String
        var more = false
        var oneway = false
    }

    private static let myType = """
        {"object": {"method": "org.varlink.certification.Test09", "parameters": {"map": {"foo": "Foo", "bar": "Bar"}}}, "enum": "two",
         "struct": {"first": 1, "second": "2"}, "array": ["one", "two", "three"], "dictionary": {"foo": "Foo", "bar": "Bar"},
         "stringset": {"one": {}, "two": {}, "three": {}},
         "interface": {"foo": [null, {"foo": "foo", "bar": "bar"}, null, {"one": "foo", "two": "bar"}], "anon": {"foo": true, "bar": false}}}
        """
    private static let several = #""bool": false, "int": 2, "float": 3.141592653589793, "string": "a lot of string""#
    private static let replies = (1...10).map { "Reply number \($0)" }

    private static let steps = [
        Step(method: "Test01", parameters: "{}", reply: #"{"bool": true}"#),
        Step(method: "Test02", parameters: #"{"bool": true}"#, reply: #"{"int": 1}"#),
        Step(method: "Test03", parameters: #"{"int": 1}"#, reply: #"{"float": 1.0}"#),
        Step(method: "Test04", parameters: #"{"float": 1.0}"#, reply: #"{"string": "ping"}"#),
        Step(method: "Test05", parameters: #"{"string": "ping"}"#, reply: "{\(several)}"),
        Step(method: "Test06", parameters: "{\(several)}", reply: "{\"struct\": {\(several)}}"),
        Step(
            method: "Test07", parameters: "{\"struct\": {\(several)}}", reply: #"{"map": {"foo": "Foo", "bar": "Bar"}}"#
        ),
        Step(
            method: "Test08", parameters: #"{"map": {"foo": "Foo", "bar": "Bar"}}"#,
            reply: #"{"set": {"one": {}, "two": {}, "three": {}}}"#),
        Step(
            method: "Test09", parameters: #"{"set": {"one": {}, "two": {}, "three": {}}}"#,
            reply: "{\"mytype\": \(myType)}"),
        Step(method: "Test10", parameters: "{\"mytype\": \(myType)}", reply: "", more: true),
        Step(
            method: "Test11",
            parameters: "{\"last_more_replies\": [\(replies.map { "\"\($0)\"" }.joined(separator: ","))]}", reply: "{}",
            oneway: true),
        Step(method: "End", parameters: "{}", reply: #"{"all_ok": true}"#),
    ]

    func parameters(of method: String) -> any (Decodable & Sendable).Type { Fields.self }

    func handle(_ call: VarlinkCall) async throws {
        let number = JSONValue.string("one")
        let got = try call.parameters(as: Fields.self)
        guard call.method != "Start" else {
            guard got.isEmpty else { throw Self.failure(wants: [:], got: got) }
            gate.mark("Start")
            return try await call.reply(["client_id": number])
        }
        guard let place = Self.steps.firstIndex(where: { $0.method == call.method }) else { return }
        let step = Self.steps[place]
        var wants = try JSONDecoder().decode(Fields.self, from: Data(step.parameters.utf8))
        wants["client_id"] = number
        guard gate.has(place == 0 ? "Start" : Self.steps[place - 1].method), got.withoutNulls == wants,
            call.more == step.more, call.oneway == step.oneway
        else { throw Self.failure(wants: wants, got: got) }
        gate.mark(step.method)
        guard step.more else {
            return try await call.reply(try JSONDecoder().decode(Fields.self, from: Data(step.reply.utf8)))
        }
        for reply in Self.replies.dropLast() { try await call.replyContinuing(["string": reply]) }
        try await call.reply(["string": Self.replies[Self.replies.count - 1]])
    }

    private static func failure(wants: Fields, got: Fields) -> VarlinkError {
        VarlinkError(
            name: "org.varlink.certification.CertificationError",
            parameters: ["wants": .object(wants), "got": .object(got)])
    }
}

extension [String: JSONValue] {
    /// A field that is null is one that is not there; within arrays null is a value.
    fileprivate var withoutNulls: [String: JSONValue] {
        compactMapValues { value in
            switch value {
            case .null: nil
            case .object(let fields): .object(fields.withoutNulls)
            default: value
            }
        }
    }
}
