// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

@Suite struct CommandTreeTests {
    private static let tree = CommandTree(
        name: "enroll",
        children: [
            CommandTree(name: "verify", answersByExitStatus: true), CommandTree(name: "list"),
            CommandTree(name: "gallery", children: [CommandTree(name: "backup"), CommandTree(name: "import")]),
            CommandTree(name: "train", children: [CommandTree(name: "pairs")], hasDefault: true),
        ])
    private static let options = CommandTree.CommonOptions(flags: ["--json"], valued: ["--socket"])

    @Test(arguments: [
        (["--socket", "s", "verify", "a", "p"], ["verify", "--socket", "s", "a", "p"]),
        (["--json", "--socket=s", "list"], ["list", "--json", "--socket=s"]),
        (["gallery", "--socket", "s", "backup", "f"], ["gallery", "backup", "--socket", "s", "f"]),
        (
            ["--json", "gallery", "--socket", "list", "import", "f"],
            ["gallery", "import", "--json", "--socket", "list", "f"]
        ),
        (["verify", "a", "p", "--socket", "s"], ["verify", "a", "p", "--socket", "s"]),
        (["train", "--json", "r.toml"], ["train", "--json", "r.toml"]),
        (["verify", "--json", "--", "--socket", "p"], ["verify", "--json", "--", "--socket", "p"]),
        (["--socket"], ["--socket"]), (["--other", "--json", "list"], ["--other", "--json", "list"]), ([], []),
    ])
    func `common options that stand before a subcommand come behind it`(_ given: [String], _ ordered: [String]) {
        #expect(Self.tree.ordered(given, Self.options) == ordered)
    }

    @Test(arguments: [
        (["verify", "a"], true), (["--help", "verify"], true), (["--foo", "x", "verify"], true),
        (["list", "verify"], false),
        (["help", "verify"], false), (["gallery"], false), ([], false), (["verify", "list"], true),
        (["verify", "help"], true),
        (["--foo", "help", "verify"], true),
    ])
    func `a question is known by its command`(_ arguments: [String], _ asks: Bool) {
        #expect(Self.tree.asksForAnswer(arguments) == asks)
    }

    @Test(
        arguments: [
            (["verfy", "a"], "there is no command “enroll verfy”; did you mean “enroll verify”?"),
            (
                ["gallery", "bakcup"],
                "there is no command “enroll gallery bakcup”; did you mean “enroll gallery backup”?"
            ),
            (["hepl"], "there is no command “enroll hepl”; did you mean “enroll help”?"),
            (["nonsense"], "there is no command “enroll nonsense”; enroll --help lists those that there are"),
            (["train", "paris"], "there is no command “enroll train paris”; did you mean “enroll train pairs”?"),
            (["--socket", "s", "--json", "lits"], "there is no command “enroll lits”; did you mean “enroll list”?"),
            (["help", "verfy"], "there is no command “enroll verfy”; did you mean “enroll verify”?"),
            (["help", "nonsense"], "there is no command “enroll nonsense”; enroll --help lists those that there are"),
            (
                ["help", "train", "recipe.toml"],
                "there is no command “enroll train recipe.toml”; enroll train --help lists those that there are"
            ),
            (
                ["help", "verify", "alice"],
                "there is no command “enroll verify alice”; enroll help verify shows the help of “enroll verify”"
            ),
            (["help"], nil), (["help", "gallery", "backup"], nil), (["help", "--bogus"], nil),
            (["train", "recipe.toml"], nil), (["verify", "a"], nil), (["--x", "verfy"], nil), (["gallery"], nil),
            ([], nil),
        ] as [([String], String?)])
    func `a misspelled subcommand gets its near miss`(_ arguments: [String], _ words: String?) {
        #expect(Self.tree.misspelling(in: arguments, Self.options) == words)
    }
}

/// The built command, with options in unusual places.
@Suite(.enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"))
struct OptionPlaceTests {
    private static func enroll(_ arguments: [String]) async throws -> CommandResult {
        try await Command.run(Products.program("enroll"), arguments, environment: ["LIKENESS_SOCKET": "/nowhere"])
    }

    @Test func `options work before and after the subcommand`() async throws {
        try await ScriptedDaemon.run {
            try await $0.reply(Audit.Reply(entries: []))
        } _: { socket in
            for arguments in [
                ["--socket", socket, "audit", "--json"], ["audit", "--json", "--socket", socket],
                ["--json", "--socket=\(socket)", "audit"],
                ["--timeout", "9", "--json", "audit", "--socket", socket],
                ["--daemon-user", "0", "--socket", socket, "--json", "audit"],
            ] {
                let result = try await Self.enroll(arguments)
                #expect(result.status == 0 && result.output == "{\"entries\":[]}\n", "\(arguments): \(result)")
            }
        }
        let folder = try TemporaryFolder()
        for arguments in [
            ["model", "--models", folder.path, "list", "--json"], ["--models", folder.path, "--json", "model", "list"],
        ] {
            #expect(try await Self.enroll(arguments).json()["folder"] as? String == folder.path)
        }
        // What a command does not take it does not take before its name either.
        let refused = try await Self.enroll(["--socket", "/nowhere", "inspect", "x"])
        #expect(refused.status == 64 && refused.errors.contains("--socket"), "\(refused)")
    }

    @Test func `help of what is no command is wrong usage, and help of a command is none`() async throws {
        for arguments in [
            ["help", "nosuch"], ["help", "gallery", "nosuch"], ["nosuch", "--help"], ["help", "list", "x"],
        ] {
            let result = try await Self.enroll(arguments)
            #expect(result.status == 64 && result.output.isEmpty, "\(arguments): \(result)")
            #expect(result.errors.hasPrefix("enroll: there is no command “enroll "), "\(arguments): \(result)")
        }
        for arguments in [
            ["help"], ["--help"], ["help", "verify"], ["gallery", "--help"], ["help", "gallery", "backup"],
        ] {
            let result = try await Self.enroll(arguments)
            #expect(result.status == 0 && result.errors.isEmpty && result.output.contains("USAGE: "), "\(arguments)")
        }
    }

    @Test(arguments: [["list", "--bogus"], ["show"], ["remove", "a", "--sample", "x"], ["status", "b"]])
    func `every complaint begins with the name of the command`(_ arguments: [String]) async throws {
        let result = try await Self.enroll(arguments)
        #expect(result.status == 64 && result.errors.hasPrefix("enroll: "), "\(result)")
        #expect(!result.errors.contains("Error: "), "\(result)")
    }

    @Test(arguments: [
        ["verfy", "a", "b"], ["--json", "galery", "backup", "f"], ["gallery", "imprt", "f"],
        ["model", "import", "onx", "f"],
    ])
    func `a misspelled subcommand is told with the nearest`(_ arguments: [String]) async throws {
        let result = try await Self.enroll(arguments)
        #expect(result.status == 64 && result.errors.contains("did you mean “enroll "), "\(result)")
        if arguments.contains("--json") {
            #expect(
                ((try result.json()["error"] as? [String: Any])?["message"] as? String)?.contains("enroll gallery")
                    == true)
        }
    }
}
