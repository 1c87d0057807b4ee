// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// Exit status 0 of verify and identify means a match, whatever else the command line holds.
@Suite(.enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"))
struct ExitStatusTests {
    /// What ArgumentParser answers by itself, and what looks like it.
    private static let asides = [
        "-h", "--help", "-help", "--help=x", "--help-hidden", "-help-hidden", "--version", "--version=1",
        "--experimental-dump-help",
        "--generate-completion-script", "--generate-completion-script=bash", "-dash", "-vh", "-hv", "--h", "--hel",
        "---completion", "-",
        "--", "--=", "-=", "", "help", "verify", "identify", "--json", "--json=1", "--socket", "--socket=", "--timeout",
    ]

    private static func enroll(_ arguments: [String], socket: String = "/nowhere") async throws -> CommandResult {
        try await Command.run(Products.program("enroll"), arguments, environment: ["LIKENESS_SOCKET": socket])
    }

    @Test(arguments: [["verify", "alice", "/dev/null"], ["identify", "/dev/null"]])
    func `without a match nothing ends with 0, wherever it stands`(_ question: [String]) async throws {
        for aside in Self.asides {
            for place in 0...question.count {
                // Before the question, within it, and in the place of a name or a file.
                var lists = [Array(question[..<place]) + [aside] + question[place...]]
                if place > 0, place < question.count {
                    lists.append(Array(question[..<place]) + [aside] + question[(place + 1)...])
                }
                if aside.hasPrefix("--g") {
                    lists.append(Array(question[..<place]) + [aside, "bash"] + question[place...])
                }
                if place == 1 {
                    lists.append(
                        ["--socket", "/nowhere", "--foo"] + Array(question[..<place]) + [aside] + question[place...])
                }
                // The command “help” shows the help of others.
                for list in lists where list.first != "help" {
                    let result = try await Self.enroll(list)
                    #expect(![0, 1, 2].contains(result.status), "\(list): \(result.status)")
                    #expect(result.status >= 64, "\(list): \(result.status)")
                }
            }
        }
    }

    @Test(arguments: [
        ["verify", "-h", "p"], ["verify", "a", "--help"], ["verify", "--version", "p"], ["verify", "-dash", "p"],
        ["--help", "verify", "a", "p"],
        ["verify", "--help-hidden"], ["--version", "verify", "a", "p"], ["identify", "-h"],
        ["identify", "p", "--experimental-dump-help"],
        ["--generate-completion-script", "bash", "verify", "a", "p"],
        ["--generate-completion-script=zsh", "identify", "p"],
        ["--json", "verify", "-h", "p"],
    ])
    func `help and versions beside a question are wrong usage`(_ arguments: [String]) async throws {
        let result = try await Self.enroll(arguments)
        #expect(result.status == 64, "\(result.output)\(result.errors)")
        #expect(result.errors.contains("enroll help verify"), "\(result.errors)")
        if arguments.contains("--json") {
            #expect((try result.json()["error"] as? [String: Any])?["name"] as? String == "Usage")
        } else {
            #expect(result.output.isEmpty)
        }
    }

    @Test(arguments: [
        ["help", "verify"], ["help", "identify"], ["help"], ["--help"], ["--version"], ["list", "--help"],
        ["show", "verify", "--help"],
        ["--generate-completion-script", "bash"], ["--socket", "/nowhere", "list", "-h"],
    ])
    func `where nothing is asked, help ends with 0`(_ arguments: [String]) async throws {
        let result = try await Self.enroll(arguments)
        #expect(result.status == 0, "\(result.errors)")
        #expect(!result.output.isEmpty)
    }

    @Test func `advice on verify and identify leads to help that ends with 0`() async throws {
        for command in ["verify", "identify"] {
            let result = try await Self.enroll([command])
            #expect(result.status == 64 && !result.errors.contains("\(command) --help"), "\(result.errors)")
            #expect(result.errors.contains("enroll help \(command)"), "\(result.errors)")
        }
    }

    @Test func `a shell completes a name beside verify, which is no match either`() async throws {
        try await ScriptedDaemon.run { call in
            try await call.reply(
                List.Reply(identities: [
                    WireIdentity(name: "alice", modality: .face, samples: 1, enrolled: 0, updated: 0)
                ]))
        } _: { socket in
            let result = try await Self.enroll(
                ["---completion", "verify", "--", "positional@0", "2", "2", "enroll", "verify", "al"], socket: socket)
            #expect(result.output == "alice\n" && result.errors.isEmpty, "\(result)")
            #expect(result.status == 64)
        }
    }

    /// Answers with a match to whoever asks.
    private static func matching(_ call: VarlinkCall) async throws {
        try await call.reply(
            Verify.Reply(
                identity: "alice", result: .match, distance: 0.1, score: 0.9, threshold: 0.5, operatingPoint: 1e-3,
                measurements: [],
                unacceptable: [], message: "", model: "ab", generation: 1))
    }

    private static func shell(_ script: String, _ arguments: [String], socket: String) async throws -> CommandResult {
        try await Command.run(
            "/bin/bash", ["-c", script, "bash", try Products.program("enroll")] + arguments,
            environment: ["LIKENESS_SOCKET": socket])
    }

    @Test func `a match that cannot be printed is told by a status of its own`() async throws {
        let folder = try TemporaryFolder(), probe = folder.appending("p")
        try Data("pixels".utf8).write(to: URL(fileURLWithPath: probe))
        try await ScriptedDaemon.run(Self.matching) { socket in
            #expect(try await Self.shell(#""$@""#, ["verify", "alice", probe], socket: socket).status == 0)
            #expect(
                try await Self.shell(#""$@" > /dev/full"#, ["verify", "alice", probe], socket: socket).status == 74)
            let closed = try await Self.shell(#""$@" >&-"#, ["verify", "alice", probe], socket: socket)
            #expect(closed.status == 74 && closed.errors.contains("the output cannot be written"), "\(closed)")
            // Where no standard stream is open, none is taken for the picture or the socket.
            #expect(
                try await Self.shell(#""$@" <&- >&- 2>&-"#, ["verify", "alice", probe], socket: socket).status == 74)
            #expect(try await Self.shell(#""$@" <&-"#, ["verify", "alice", "-"], socket: socket).status == 66)
            let gone = try await Self.shell(
                #"set -o pipefail; trap '' PIPE; "$@" | true; exit ${PIPESTATUS[0]}"#, ["verify", "alice", probe],
                socket: socket)
            #expect([0, 74].contains(gone.status), "\(gone)")
        }
    }
}
