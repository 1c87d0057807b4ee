// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import Logging
import Service
import Testing
import Varlink

@Suite struct AccessTests {
    private static let stranger = PeerCaller.stranger

    private func allowed(_ policy: AccessPolicy, _ peer: PeerCredentials) async throws -> Set<String> {
        var allowed: Set<String> = []
        // An identity that a caller with an account may ask about in any role.
        let isOfHost = await Accounts().contains(peer.userID)
        let hasAccount = peer == Self.stranger || isOfHost
        try await TestServer.run(
            [PixelModel()],
            configure: {
                $0.access = policy
                $0.users = .fixed(hasAccount ? ["x": peer.userID] : [:])
            }
        ) { server in
            for row in MethodTable.rows {
                do {
                    _ = try await PeerCaller(server.service, as: peer).call(
                        row.name,
                        ["identity": .string("x"), "image": .string("x"), "images": .array([.string("x")])]
                            as [String: JSONValue])
                } catch let error as VarlinkError where error == .permissionDenied {
                    continue
                } catch {
                    // Any other error is one that came after the check.
                }
                allowed.insert(row.method)
            }
        }
        return allowed
    }

    private func methods(_ role: Role) -> Set<String> {
        // By hand, as the configuration's comments have it.
        let included: [Role: Set<Role>] = [
            .compare: [.compare], .verifySelf: [.verifySelf], .verify: [.verify, .verifySelf],
            .enrollSelf: [.enrollSelf, .verifySelf],
            .enroll: [.enroll, .enrollSelf, .verify, .verifySelf],
            .admin: [.admin, .enroll, .enrollSelf, .verify, .verifySelf, .compare, .monitor],
            .monitor: [.monitor],
        ]
        return Set(MethodTable.rows.filter { included[role]?.contains($0.role) == true }.map(\.method))
    }

    @Test func `while nobody is named, a stranger may do nothing`() async throws {
        #expect(try await allowed(AccessPolicy(), Self.stranger).isEmpty)
    }

    @Test func `while nobody is named, root and the daemon's own user may do all`() async throws {
        #expect(
            try await allowed(AccessPolicy(), PeerCredentials(processID: 1, userID: 0, groupID: 0)) == methods(.admin))
        #expect(
            try await allowed(AccessPolicy(), PeerCredentials(processID: 1, userID: geteuid(), groupID: 9))
                == methods(.admin))
    }

    @Test func `a user's own daemon serves whoever may connect while nobody is named, and then no longer`() async throws
    {
        #expect(try await allowed(AccessPolicy(isOpenWhileEmpty: true), Self.stranger) == methods(.admin))
        var policy = AccessPolicy(isOpenWhileEmpty: true)
        policy.roles[.verify] = AccessHolders(users: [1])
        #expect(try await allowed(policy, Self.stranger).isEmpty)
        policy = AccessPolicy(isOpenWhileEmpty: true)
        policy.score = AccessHolders(users: [1])
        #expect(try await allowed(policy, Self.stranger).isEmpty)
    }

    @Test(arguments: Role.allCases) func `a user's role opens its methods and those it includes`(
        _ role: Role
    ) async throws {
        #expect(try await allowed(.stranger(role), Self.stranger) == methods(role))
    }

    @Test(arguments: Role.allCases)
    func `the role of a group that the process has opens its methods and those it includes`(
        _ role: Role
    ) async throws {
        let policy = AccessPolicy(roles: [role: AccessHolders(groups: [61_240])])
        let account = try #require(Self.account)
        let member = PeerCredentials(processID: 1, userID: account, groupID: 61_235, groups: [61_239, 61_240])
        let primary = PeerCredentials(processID: 1, userID: account, groupID: 61_240)
        #expect(try await allowed(policy, member) == methods(role))
        #expect(try await allowed(policy, primary) == methods(role))
    }

    @Test func `a group gives nothing to a user without an account, of whom a namespace has as many as anybody wants`()
        async throws
    {
        let policy = AccessPolicy(roles: [.verify: AccessHolders(users: [4_000_000_124], groups: [61_240])])
        let subordinate = PeerCredentials(processID: 1, userID: 4_000_000_123, groupID: 61_240, groups: [61_240])
        let named = PeerCredentials(processID: 1, userID: 4_000_000_124, groupID: 61_240, groups: [61_240])
        #expect(try await allowed(policy, subordinate).isEmpty)
        #expect(try await allowed(policy, named) == methods(.verify))
    }

    @Test func `a process that has dropped a group has not its role, whoever its user is`() async throws {
        let policy = AccessPolicy(roles: [.admin: AccessHolders(groups: [0])])
        #expect(
            try await allowed(policy, PeerCredentials(processID: 1, userID: 61_235, groupID: 61_235, groups: []))
                .isEmpty)
    }

    /// A user of this host who is neither root nor the one who runs the tests.
    private static let account = (try? String(contentsOfFile: "/etc/passwd", encoding: .utf8))?.split(separator: "\n")
        .compactMap { line in
            line.split(separator: ":", omittingEmptySubsequences: false).dropFirst(2).first.flatMap { UInt32($0) }
        }
        .first { $0 != 0 && $0 != geteuid() }

    @Test func `neither grant is a role`() async throws {
        #expect(try await allowed(.stranger(nil, score: true, relay: true), Self.stranger).isEmpty)
    }

    @Test func `whom a policy does not name may do nothing`() async throws {
        let policy = AccessPolicy(roles: [.admin: AccessHolders(users: [1], groups: [2])])
        #expect(try await allowed(policy, Self.stranger).isEmpty)
    }

    @Test func `all of several roles hold, and grants come from users and groups alike`() {
        let policy = AccessPolicy(
            roles: [.verify: AccessHolders(users: [10], groups: [21]), .enroll: AccessHolders(groups: [20])],
            score: AccessHolders(groups: [21]), relay: AccessHolders(users: [10]))
        #expect(policy.grants(user: 10, groups: [21, 20]) == Grants(roles: [.enroll], score: true, relay: true))
        #expect(policy.grants(user: 10, groups: []) == Grants(roles: [.verify], score: false, relay: true))
        #expect(policy.grants(user: 11, groups: [21]) == Grants(roles: [.verify], score: true, relay: false))
        #expect(policy.grants(user: 11, groups: []) == .nothing)
        let apart = AccessPolicy(roles: [.compare: AccessHolders(users: [10]), .verify: AccessHolders(groups: [21])])
        #expect(apart.grants(user: 10, groups: [21]).roles == [.compare, .verify, .verifySelf])
        #expect(apart.grants(user: 10, groups: []).roles == [.compare])
    }

    @Test func `root and the daemon's own user have everything`() async {
        let control = AccessControl(policy: AccessPolicy(roles: [.verify: AccessHolders(users: [1])]), ownUser: 500)
        #expect(await control.grants(of: PeerCredentials(processID: 1, userID: 0, groupID: 9)) == .everything)
        #expect(await control.grants(of: PeerCredentials(processID: 1, userID: 500, groupID: 9)) == .everything)
        #expect(await control.grants(of: PeerCredentials(processID: 1, userID: 501, groupID: 0)) == .nothing)
    }

    @Test func `a denial is in the journal with the peer's numbers and the line that would allow it`() async throws {
        try await TestServer.run(
            [PixelModel()], configure: { $0.access = AccessPolicy(roles: [.admin: AccessHolders(users: [1])]) }
        ) { server in
            _ = try? await PeerCaller(server.service).enroll("x", "x")
            let entry = try #require(server.journal.entries.last)
            #expect(entry.level == .warning)
            #expect(entry.metadata["uid"] == "61234")
            #expect(entry.metadata["pid"] == "4242")
            #expect(entry.metadata["result"] == "PermissionDenied")
            #expect(entry.message.contains("access.enrol"))
        }
    }

    @Test func `many denials are told by their number`() async throws {
        try await TestServer.run([PixelModel()]) { server in
            let before = server.journal.entries.count
            for _ in 0..<500 { _ = try? await PeerCaller(server.service).enroll("x", "x") }
            #expect(server.journal.entries.count - before < 60)
        }
        let limiter = JournalLimiter()
        let begun = ContinuousClock.now
        #expect((0..<100).compactMap { _ in limiter.take(7, at: begun) }.count == 20)
        #expect(limiter.take(8, at: begun) == 0)
        #expect(limiter.take(7, at: begun.advanced(by: .seconds(1))) == 80)
    }
}
