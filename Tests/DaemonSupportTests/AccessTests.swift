// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import Testing

@Suite struct AccessTests {
    private let defaults = DaemonConfiguration(paths: .system)

    private func parse(_ text: String) -> (configuration: DaemonConfiguration, problems: [ConfigurationProblem]) {
        ConfigurationFile.parse(text, defaults: defaults)
    }

    @Test func `users and groups are told apart by the at sign`() {
        let parsed = parse("[access]\nenrol = [\"alice\", \"@door men\", \"carol@example.org\"]\nadmin = []")
        #expect(parsed.problems.isEmpty)
        #expect(parsed.configuration.access.enroll == [.user("alice"), .group("door men"), .user("carol@example.org")])
        #expect(parsed.configuration.access.admin.isEmpty)
    }

    @Test(arguments: [
        "verify = \"alice\"", "verify = [1000]", "verify = [\"alice\", 1]", "verify = [\"\"]", "verify = [\"@\"]",
        "verify = [\"a:b\"]", "verify = [\"a\\nb\"]", "verify = [\"\(String(repeating: "x", count: 256))\"]",
        "verify = [\(Array(repeating: "\"x\"", count: 257).joined(separator: ","))]",
    ])
    func `what names nobody is refused`(line: String) {
        let found = parse("[access]\n" + line).problems
        guard case .wrongValue("access.verify", 2, _, _)? = found.first, found.count == 1 else {
            Issue.record("not refused as a value: \(found)")
            return
        }
    }

    @Test func `the roles in British spelling are found from the other one`() {
        #expect(
            parse("[access]\nenroll = []").problems == [
                .unknownKey(name: "access.enroll", line: 2, nearest: "access.enrol")
            ])
    }

    @Test func `the grants are named like the roles, and only a user's own daemon is open while nobody is named`() {
        var configuration = parse("[access]\nscore = [\"root\"]\nrelay = [\"@root\"]").configuration
        #expect(configuration.resolvedAccess().access.score == AccessIdentifiers(users: [0]))
        #expect(configuration.resolvedAccess().access.relay == AccessIdentifiers(groups: [0]))
        #expect(!configuration.resolvedAccess().access.isOpenWhileEmpty)
        guard let own = StandardPaths.user(environment: ["HOME": "/home/x"], user: 1) else {
            return #expect(Bool(false))
        }
        configuration = DaemonConfiguration(paths: own)
        #expect(configuration.resolvedAccess().access.isOpenWhileEmpty)
    }

    @Test func `names become the numbers this host knows, and numbers stay`() {
        var configuration = defaults
        configuration.access.verify = [.user("root"), .group("root"), .user("4242"), .group("4343")]
        let resolved = configuration.resolvedAccess()
        #expect(resolved.problems.isEmpty)
        #expect(resolved.access.verify == AccessIdentifiers(users: [0, 4242], groups: [0, 4343]))
        #expect(resolved.access.enroll == AccessIdentifiers())
        #expect(resolved.access.compare == AccessIdentifiers())
        configuration.access.compare = [.user("4242")]
        #expect(configuration.resolvedAccess().access.compare == AccessIdentifiers(users: [4242]))
    }

    @Test func `a name that nobody has is a problem, each with its setting`() {
        var configuration = defaults
        configuration.access.enroll = [.user("likeness-no-such-user"), .user("root")]
        configuration.access.admin = [.group("likeness-no-such-group")]
        let resolved = configuration.resolvedAccess()
        #expect(
            resolved.problems == [
                .nobody(setting: "access.enrol", name: .user("likeness-no-such-user")),
                .nobody(setting: "access.admin", name: .group("likeness-no-such-group")),
            ])
        #expect(resolved.problems.first?.description.contains("likeness-no-such-user") == true)
    }

    @Test func `a number stands for an id, and one that is none is told to be one`() throws {
        func resolving(_ text: String) throws -> (identifiers: AccessIdentifiers, problems: [ConfigurationProblem]) {
            AccessIdentifiers.resolving([try #require(AccessName(text))], setting: "access.verify")
        }
        #expect(try resolving("4000000123").identifiers.users == [4_000_000_123])
        #expect(try resolving("@4000000123").identifiers.groups == [4_000_000_123])
        // The last number is no user's, and a sign makes no number.
        for (text, words) in [
            ("4294967295", "and no user of this host is called so; as a number it is no id"),
            ("@99999999999", "names @99999999999, and no group of this host is called so; as a number it is no id"),
            ("+5", "names the user +5, whom this host does not know"), ("-1", "names the user -1, whom"),
        ] {
            let (identifiers, problems) = try resolving(text)
            #expect(identifiers == AccessIdentifiers())
            #expect(problems.first.map { "\($0)" }?.contains(words) == true, "\(problems)")
        }
    }
}
