// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Synchronization
import Testing
import Varlink

/// `enroll add` with a folder, and when it is interrupted.
@Suite(.enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"))
struct AddTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func write(_ names: String...) throws {
        for name in names {
            let url = URL(fileURLWithPath: folder.appending(name))
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(url.deletingPathExtension().lastPathComponent.utf8).write(to: url)
        }
    }

    /// Enrols an image as the sample of the number that is its content.
    private static func enrolling(_ call: VarlinkCall) async throws {
        let parameters = try call.sent(as: Enroll.self)
        let number = Int(String(decoding: Data(base64Encoded: parameters.image) ?? Data(), as: UTF8.self)) ?? 0
        try await call.reply(
            Enroll.Reply(
                identity: parameters.identity, sample: number, samples: number, measurements: [], warnings: [],
                model: "ab"))
    }

    private func enroll(_ arguments: String..., socket: String = "/nowhere") async throws -> CommandResult {
        try await Command.run(Products.program("enroll"), arguments, environment: ["LIKENESS_SOCKET": socket])
    }

    @Test func `the images of a folder are taken by their names, and not those of folders in it`() async throws {
        try write(
            "alice/2.png", "alice/1.JPG", "alice/3.jpeg", "alice/.4.png", "alice/note.txt", "alice/sub/5.png",
            "other/6.png")
        try await ScriptedDaemon.run(Self.enrolling) { socket in
            let result = try await enroll("add", "alice", folder.appending("alice"), "--json", socket: socket)
            #expect(result.status == 0, "\(result)")
            #expect(
                try #require(try result.json()["results"] as? [[String: Any]]).map { $0["sample"] as? Int } == [
                    1, 2, 3,
                ])
            let both = try await enroll(
                "add", "alice", folder.appending("alice/"), folder.appending("other/6.png"), "--json", socket: socket)
            #expect(
                try #require(try both.json()["results"] as? [[String: Any]]).map { $0["sample"] as? Int } == [
                    1, 2, 3, 6,
                ])
        }
    }

    @Test func `a folder without images, or with more than a person has samples, is refused, and how many is told`()
        async throws
    {
        try write("none/note.txt", "many/1.png", "many/2.png", "many/3.png", "many/4.png", "many/5.png", "many/6.png")
        let none = try await enroll("add", "alice", folder.appending("none"))
        #expect(
            none.status == 66
                && none.errors == "enroll: \(folder.appending("none")): the folder holds no image file that is read\n")
        let many = try await enroll("add", "alice", folder.appending("many"))
        #expect(many.status == 64 && many.errors.contains("holds 6 images, and a person has 1 to 5 samples"), "\(many)")
    }

    /// Starts an enrolment of three images and interrupts it while the second is under way.
    private func interrupted(answers: Bool) async throws -> (status: Int32?, output: String, errors: String) {
        try write("1.png", "2.png", "3.png")
        let isAsked = Mutex(false)
        let result = Mutex<(status: Int32?, output: String, errors: String)>((nil, "", ""))
        try await ScriptedDaemon.run { call in
            let image = try call.sent(as: Enroll.self).image
            if Data(base64Encoded: image) == Data("2".utf8) {
                isAsked.withLock { $0 = true }
                try await Task.sleep(for: answers ? .seconds(1) : .seconds(600))
            }
            try await Self.enrolling(call)
        } _: { socket in
            let program = try RunningProgram(
                Products.program("enroll"), ["add", "alice", "--json"] + (1...3).map { folder.appending("\($0).png") },
                environment: ["LIKENESS_SOCKET": socket], output: .file(folder.appending("out")),
                errors: .file(folder.appending("err")),
                limit: .seconds(60))
            while program.isRunning, !isAsked.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(10)) }
            program.send(SIGINT)
            while !answers, program.isRunning {
                try await Task.sleep(for: .milliseconds(100))
                program.send(SIGINT)
            }
            let status = try await program.status(within: .seconds(60))
            func text(_ name: String) -> String {
                String(decoding: FileManager.default.contents(atPath: folder.appending(name)) ?? Data(), as: UTF8.self)
            }
            result.withLock { $0 = (status, text("out"), text("err")) }
        }
        return result.withLock { $0 }
    }

    private func results(_ output: String) throws -> (enrolled: Int?, errors: [String?]) {
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any], "\(output)")
        let results = try #require(object["results"] as? [[String: Any]])
        return (object["enrolled"] as? Int, results.map { ($0["error"] as? [String: Any])?["name"] as? String })
    }

    @Test func `an interruption lets the image at hand end, and tells what is enrolled`() async throws {
        let ended = try await interrupted(answers: true)
        #expect(ended.status == 130, "\(ended)")
        let (enrolled, errors) = try results(ended.output)
        #expect(enrolled == 2)
        #expect(errors == [nil, nil, "Interrupted"])
        #expect(ended.errors.contains("3.png: not tried"), "\(ended)")
    }

    @Test func `a second one does not wait, and leaves open what became of that image`() async throws {
        let ended = try await interrupted(answers: false)
        #expect(ended.status == 130, "\(ended)")
        let (enrolled, errors) = try results(ended.output)
        #expect(enrolled == 1)
        #expect(errors == [nil, "ConnectionClosed", "Interrupted"])
        #expect(
            ended.errors.contains("2.png: interrupted before the answer came; it may be enrolled or not"), "\(ended)")
    }
}
