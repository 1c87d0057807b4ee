// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// What `scripts/man-pages` makes, held to what it is made of.
@Suite(
    .enabled(
        if: Products.contains("enroll") && Products.contains("likenessd"),
        "needs the built programs; scripts/test sets LIKENESS_BIN"))
struct ManualPageTests {
    private static let groff = "/usr/bin/groff"
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try Self.make(in: folder)
    }

    private static func make(in folder: TemporaryFolder) throws {
        let result = try CheckoutScript.run("man-pages", [folder.path])
        guard result.status == 0 else { throw HarnessError(result.errors) }
    }

    private func page(_ name: String, _ section: Int) throws -> String {
        try String(contentsOfFile: folder.appending("man\(section)/\(name).\(section)"), encoding: .utf8)
    }

    /// Every file, as `man1/enroll.1`.
    private func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.contains(".") }.sorted()
    }

    @Test func `every command has a page with its arguments and options, and there are no others`() throws {
        let commands = try DescribedCommand.all(of: "enroll")
        #expect(commands.count > 30)
        for (words, command) in commands {
            try look(at: try page(words.joined(separator: "-"), 1), words, command)
        }
        let daemon = try #require(try DescribedCommand.all(of: "likenessd").first)
        try look(at: try page("likenessd", 8), daemon.words, daemon.command)
        let expected =
            commands.map { "man1/\($0.words.joined(separator: "-")).1" }
            + ["man5/likenessd.toml.5", "man7/io.likeness.7", "man8/likenessd.8", "man8/pam_likeness.8"]
        #expect(try files() == expected.sorted())
    }

    private func look(at text: String, _ words: [String], _ command: DescribedCommand) throws {
        let lines = text.split(separator: "\n").map(Self.plain)
        let tags = Self.tags(lines)
        #expect(lines.contains { $0.hasPrefix("\(words.joined(separator: "-")) - ") }, "\(words)")
        #expect(lines.contains(".SY \"\(words.joined(separator: " "))\"") || lines.contains(".SY \(words[0])"))
        for argument in command.arguments where argument.shouldDisplay {
            let names =
                argument.names?.map { ($0.kind == "long" ? "--" : "-") + $0.name } ?? [argument.valueName ?? "?"]
            for name in names {
                // "-h, --help", "--models, --output folder", "photo ...".
                let isThere = tags.contains {
                    $0.replacing(",", with: "").split(separator: " ").contains(Substring(name))
                }
                #expect(isThere, "\(words) says nothing of \(name)")
            }
        }
        for status in command.exitStatuses {
            #expect(tags.contains(status), "\(words) says nothing of the exit status \(status)")
        }
    }

    @Test func `both programs have a table of exit statuses`() throws {
        for program in ["enroll", "likenessd"] {
            let root = try #require(try DescribedCommand.all(of: program).first)
            #expect(root.command.exitStatuses.count >= 10 && root.command.exitStatuses.contains("78"))
        }
    }

    @Test func `every setting is in likenessd.toml(5) once, in order, below its table and with its default`() throws {
        let defaults = DaemonConfiguration(paths: .system)
        var table = ""
        var listed: [String] = []
        var before = ""
        for line in try page("likenessd.toml", 5).split(separator: "\n").map(Self.plain) {
            if line.hasPrefix(".SH ") { table = line.hasPrefix(".SH [") ? String(line.dropFirst(5).dropLast()) : "" }
            if before == ".TP", !table.isEmpty { listed.append("\(table).\(line)") }
            before = line
        }
        #expect(listed == DaemonConfiguration.settings.map { "\($0.name) = \($0.tomlText(in: defaults))" })
    }

    @Test func `every setting of the PAM module is in pam_likeness(8), and is one that the module knows`() throws {
        let configuration = try String(
            contentsOf: CheckoutScript.checkout.appending(path: "pam/pam.toml"), encoding: .utf8)
        let code = try String(contentsOf: CheckoutScript.checkout.appending(path: "pam/settings.c"), encoding: .utf8)
        let names = configuration.split(separator: "\n").compactMap { line -> Substring? in
            guard line.hasPrefix("#"), line.dropFirst().first?.isLetter == true else { return nil }
            return line.dropFirst().prefix { $0 != " " }
        }
        let known = code.matches(of: /= \{ "([a-z_]+)", "/).map(\.1)
        #expect(names.count == 7 && Set(names) == Set(known))
        let tags = Self.tags(try page("pam_likeness", 8).split(separator: "\n").map(Self.plain))
        for name in names { #expect(tags.contains { $0 == name || $0.hasPrefix("\(name) = ") }, "\(name)") }
    }

    @Test(arguments: [InterfaceNames.verification, InterfaceNames.admin])
    func `every method, type and error of an interface is in io.likeness(7) as it is declared`(_ name: String) throws {
        let text =
            name == InterfaceNames.admin ? InterfaceDescriptions.admin : InterfaceDescriptions.verification
        let interface = try InterfaceDescription(parsing: text)
        let lines = try page("io.likeness", 7).split(separator: "\n").map(Self.plain)
        func section(_ title: String) -> [String] {
            let body = lines.drop { $0 != ".SH \"\(title) OF \(interface.name)\"" }.dropFirst()
            return Array(body.prefix { !$0.hasPrefix(".SH ") })
        }
        func subsections(_ title: String) -> [String] {
            section(title).filter { $0.hasPrefix(".SS ") }.map { String($0.dropFirst(4)) }
        }
        #expect(!interface.methods.isEmpty && !interface.types.isEmpty && !interface.errors.isEmpty)
        #expect(subsections("METHODS").sorted() == interface.methods.sorted())
        #expect(subsections("TYPES").sorted() == interface.types.sorted())
        let errors = Self.tags(section("ERRORS")).map { String($0.prefix { $0 != " " }) }
        #expect(errors.sorted() == interface.errors.sorted())

        let shown = ["METHODS", "TYPES", "ERRORS"].map { Self.compact(section($0)) }.joined()
        for block in text.components(separatedBy: "\n\n") {
            let member = Self.compact(block.components(separatedBy: "\n"))
            if member.hasPrefix("error") {
                #expect(shown.contains(member.dropFirst("error".count)), "\(member)")
            } else if member.hasPrefix("type") || member.hasPrefix("method") {
                #expect(shown.contains(member), "\(member)")
            }
        }
    }

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: groff), "groff is not installed (package groff-base)")
    )
    func `groff warns of nothing`() throws {
        for file in try files() {
            let result = try Command.run(Self.groff, ["-ww", "-z", "-man", "-Tutf8", folder.appending(file)])
            #expect(result.status == 0 && result.errors.isEmpty, "\(file): \(result.errors)")
        }
    }

    @Test func `the same sources make the same pages, with the version and without today's date`() throws {
        let other = try TemporaryFolder()
        try Self.make(in: other)
        let year = Calendar(identifier: .gregorian).component(.year, from: Date())
        for file in try files() {
            #expect(
                FileManager.default.contentsEqual(atPath: folder.appending(file), andPath: other.appending(file)),
                "\(file)")
            let text = try String(contentsOfFile: folder.appending(file), encoding: .utf8)
            let title = try #require(text.split(separator: "\n").first { $0.hasPrefix(".TH ") })
            #expect(title.contains("\"Likeness \(LikenessVersion.current)\""), "\(title)")
            #expect(title.contains("\"2001-09-09\"") || !title.contains("\"\(year)-"), "\(title)")
        }
    }

    /// A line as it is read, but for its request.
    private static func plain(_ line: Substring) -> String {
        String(line).replacing("\\fB", with: "").replacing("\\fI", with: "").replacing("\\fR", with: "")
            .replacing("\\-", with: "-").replacing("\\(dq", with: "\"").replacing("\\&", with: "")
    }

    /// What the paragraphs with a tag are tagged with.
    private static func tags(_ lines: [String]) -> [String] {
        zip(lines, lines.dropFirst()).filter { $0.0 == ".TP" }.map(\.1)
    }

    /// Declarations without comments and white space.
    private static func compact(_ lines: [String]) -> String {
        lines.filter { !$0.drop { $0 == " " }.hasPrefix("#") }.joined().filter { !$0.isWhitespace }
    }
}

/// A command as a program describes it itself.
private struct DescribedCommand: Decodable {
    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        let names: [Name]?
        let valueName: String?
        let shouldDisplay: Bool
    }

    private struct Description: Decodable {
        let command: DescribedCommand
    }

    let commandName: String
    let discussion: String?
    let arguments: [Argument]
    let subcommands: [DescribedCommand]?

    /// The first column of its table of exit statuses.
    var exitStatuses: [String] {
        guard let table = discussion?.components(separatedBy: "Exit status:\n").dropFirst().first else { return [] }
        return table.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.hasPrefix(" ") }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
    }

    /// A program's command and all below it. A program whose only subcommand is `help` has none.
    static func all(of program: String) throws -> [(words: [String], command: DescribedCommand)] {
        let result = try Command.run(try Products.program(program), ["--experimental-dump-help"])
        let root = try JSONDecoder().decode(Description.self, from: Data(result.output.utf8)).command
        return root.all(below: [])
    }

    private func all(below words: [String]) -> [(words: [String], command: DescribedCommand)] {
        let own = words + [commandName]
        var found: [(words: [String], command: DescribedCommand)] = [(words: own, command: self)]
        let children = subcommands ?? []
        if children.map(\.commandName) != ["help"] {
            for child in children { found += child.all(below: own) }
        }
        return found
    }
}
