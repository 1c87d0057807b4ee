// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

@Suite struct EscapedBytesTests {
    @Test(arguments: [
        [], Array("alice".utf8), Array("Müller 山田 👩‍👧".utf8), Array("e\u{301}".utf8), [0x4D, 0xFC, 0x6C],
        [0x4D, 0xF6, 0x6C], [0xFF, 0xFE], [0xC3],
        [0xC3, 0x28], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0xAF],
        Array("\u{10FFFC}".utf8),
        Array("\u{10FF80}x\u{10FF00}".utf8), [0xF0, 0x9F, 0x98, 0x80, 0x80],
    ])
    func `bytes come out as they went in`(_ bytes: [UInt8]) {
        #expect(EscapedBytes.bytes(of: EscapedBytes.text(of: bytes)) == bytes)
    }

    @Test func `no two byte strings are carried alike`() {
        let all =
            [[0x4D, 0xFC], [0x4D, 0xF6], Array("M\u{FFFD}".utf8), Array("M\u{10FFFC}".utf8), Array("Mü".utf8)]
            as [[UInt8]]
        #expect(Set(all.map { EscapedBytes.text(of: $0) }).count == all.count)
    }

    @Test func `UTF-8 is carried as itself`() {
        #expect(EscapedBytes.text(of: Array("Müller".utf8)) == "Müller")
        #expect(!EscapedBytes.isEscaped("Müller \u{10FF00}"))
        #expect(EscapedBytes.isEscaped(EscapedBytes.text(of: [0xFC])))
        #expect(EscapedBytes.printable(EscapedBytes.text(of: [0x4D, 0xFC, 0x0A])) == "M\\xFC\\n")
    }
}

/// The built command with arguments that are not UTF-8.
@Suite(.enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"))
struct ByteArgumentTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Runs a shell's line, in which `enroll` is the command, and `$1` and further are the arguments.
    private func shell(
        _ script: String, _ arguments: String..., socket: String = "/nowhere"
    ) async throws -> CommandResult {
        let program = try Products.program("enroll")
        return try await Command.run(
            "/bin/bash", ["-c", "enroll() { \"\(program)\" \"$@\"; }; \(script)", "bash"] + arguments,
            environment: ["LIKENESS_SOCKET": socket, "LC_ALL": "C.UTF-8"])
    }

    @Test(arguments: [
        "add $'M\\xfcller' p", "verify $'M\\xfcller' p", "show $'M\\xf6ller'", "remove $'M\\xfcller'",
        "move $'M\\xfcller' --sample 1 a", "move a --sample 1 $'M\\xfcller'",
        "add a --camera --capture $'/bin/\\xfc'", "add a --camera --capture /bin/true --capture-user $'\\xfc'",
        "audit --identity $'M\\xfcller'",
        "audit --identity=$'\\xff'", "rotate $'M\\xfcller'", "model show $'M\\xfcller'",
        "status --daemon-user $'\\xfc'",
    ])
    func `a name that is not UTF-8 is refused, and nobody is asked`(_ arguments: String) async throws {
        let result = try await shell("enroll \(arguments)")
        #expect(result.status == 64, "\(result)")
        #expect(
            result.errors.contains("is not UTF-8") && result.errors.contains("\\x")
                && !result.errors.contains("\u{FFFD}"), "\(result)")
    }

    @Test func `a file that is not called in UTF-8 is opened by its bytes`() async throws {
        try await ScriptedDaemon.run { call in
            let parameters = try call.sent(as: Enroll.self)
            let content = String(decoding: Data(base64Encoded: parameters.image) ?? Data(), as: UTF8.self)
            try await call.reply(
                Enroll.Reply(
                    identity: parameters.identity, sample: Int(content) ?? 0, samples: 2, measurements: [],
                    warnings: [], model: "ab"))
        } _: { socket in
            let prepare =
                #"cd "$1" && mkdir -p $'d\xfc' && printf 1 > $'d\xfc/M\xfc.png' && printf 2 > $'d\xfc/M\xf6.png'; "#
            let added = try await shell(
                prepare + #"enroll add alice $'d\xfc/M\xf6.png' $'d\xfc/M\xfc.png' --json"#, folder.path, socket: socket
            )
            #expect(added.status == 0, "\(added)")
            let results = try #require(try added.json()["results"] as? [[String: Any]])
            #expect(results.map { $0["sample"] as? Int } == [2, 1])
            #expect(results.map { $0["photograph"] as? String } == ["d\\xFC/M\\xF6.png", "d\\xFC/M\\xFC.png"])
            let all = try await shell(#"cd "$1" && enroll add alice $'d\xfc' --json"#, folder.path, socket: socket)
            #expect(all.status == 0, "\(all)")
            #expect(
                Set(try #require(try all.json()["results"] as? [[String: Any]]).map { $0["sample"] as? Int }) == [1, 2])
        }
    }

    @Test func `a file to make may be called so, and one that is missing is told as it was given`() async throws {
        let made = try await shell(
            #"cd "$1" && mkdir $'k\xfc' && enroll gallery key $'k\xfc/g\xfc' && cat $'k\xfc/g\xfc'"#, folder.path)
        #expect(made.status == 0, "\(made)")
        #expect(made.output.contains("a new key is in k\\xFC/g\\xFC;"), "\(made)")
        let missing = try await shell(#"cd "$1" && enroll verify alice $'\xfc.png'"#, folder.path)
        #expect(missing.status == 66 && missing.errors == "enroll: \\xFC.png: there is no such file\n", "\(missing)")
        let package = try await shell(#"cd "$1" && enroll inspect $'k\xfc'"#, folder.path)
        #expect(package.status == 78 && !package.errors.contains("/proc/"), "\(package)")
    }

    @Test func `a socket and a home may be called so too`() async throws {
        try await ScriptedDaemon.run { call in
            try await call.reply(Audit.Reply(entries: []))
        } _: { socket in
            let script = #"cd "$1" && mkdir -m 700 $'s\xfc' && ln "$2" $'s\xfc/s' && "#
            let named = try await shell(
                script + #"enroll audit --socket $'s\xfc/s' && LIKENESS_SOCKET=$'s\xfc/s' enroll audit"#, folder.path,
                socket)
            #expect(named.status == 0, "\(named)")
            let home =
                #"cd "$1" && mkdir -p -m 700 $'s\xfc/.local/state/likeness' && ln "$2" $'s\xfc/.local/state/likeness/likeness.sock' && "#
            let own = try await shell(
                home + #"XDG_RUNTIME_DIR= XDG_STATE_HOME= LIKENESS_SOCKET= HOME="$PWD/"$'s\xfc' enroll audit"#,
                folder.path, socket)
            #expect(own.status == 0, "\(own)")
        }
    }

    /// Every argument of every command, as the parser knows them: one that a later version adds is tried too.
    @Test func `every argument that is no path refuses what is not UTF-8`() async throws {
        let paths: Set = [
            "photo", "probe", "file", "socket", "models", "output", "calibrate", "network", "detector", "package",
            "folder", "data", "plots",
            "worst", "recipe", "packages", "prepared", "image", "draw", "first", "second", "impostors", "face-cover",
            "config",
        ]
        // A model's name, or a path to one.
        let either: Set = ["evaluate model", "inspect model", "detect model", "compare model"]
        let dumped = try await shell("enroll --experimental-dump-help")
        let root = try #require(try dumped.json()["command"] as? [String: Any])
        var tried = 0
        func walk(_ command: [String: Any], _ path: [String]) async throws {
            let arguments = command["arguments"] as? [[String: Any]] ?? []
            let positionals = arguments.filter { $0["kind"] as? String == "positional" }
            for argument in arguments where argument["kind"] as? String != "flag" {
                let name =
                    (argument["preferredName"] as? [String: Any])?["name"] as? String ?? argument["valueName"]
                    as? String ?? ""
                if paths.contains(name) || either.contains((path + [name]).joined(separator: " ")) { continue }
                let isOption = argument["kind"] as? String == "option"
                let others = positionals.map { other in
                    !isOption && other["valueName"] as? String == argument["valueName"] as? String ? #"$'\xfc'"# : "1"
                }
                let line = (["enroll"] + path + (isOption ? ["--\(name)=$'\\xfc'"] : []) + others).joined(
                    separator: " ")
                let result = try await shell(line)
                #expect(result.status == 64 && result.errors.contains("\\xFC"), "\(line): \(result)")
                tried += 1
            }
            for child in command["subcommands"] as? [[String: Any]] ?? [] {
                guard let name = child["commandName"] as? String, name != "help" else { continue }
                try await walk(child, path + [name])
            }
        }
        try await walk(root, [])
        #expect(tried > 30, "\(tried)")
    }
}
