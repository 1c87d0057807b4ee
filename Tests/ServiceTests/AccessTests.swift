import Foundation
import LikenessInterface
import Logging
import Service
import Testing
import Varlink

@Suite struct AccessTests {
    private static let stranger = PeerCredentials(processID: 4242, userID: 61_234, groupID: 61_234)
    private static let every: [(handler: Int, method: String, role: Role)] = [
        (0, "Verify", .verify), (0, "Identify", .verify), (0, "Enroll", .enrol), (0, "Remove", .enrol),
        (0, "List", .enrol), (0, "Describe", .enrol), (1, "Status", .verify), (1, "ListModels", .admin),
        (1, "RotationStatus", .enrol), (1, "ListGenerations", .admin), (1, "RotateModel", .admin), (1, "CancelRotation", .admin),
        (1, "Rollback", .admin), (1, "PruneGenerations", .admin), (1, "Audit", .admin), (1, "VerifyAudit", .admin),
        (1, "CheckGallery", .admin), (1, "RepairGallery", .admin), (1, "Backup", .admin), (1, "ExportGallery", .admin),
        (1, "ImportIdentity", .admin), (1, "Rekey", .admin),
    ]

    /// Whether the role check lets a peer's call of a method through.
    private func isAllowed(
        _ handler: any VarlinkInterfaceHandler, _ method: String, _ peer: PeerCredentials
    ) async throws -> Bool {
        let text = try MessageCoding.bytes(CallMessage(method: method, parameters: ["identity": "x", "image": "x"]))
        let message = try #require(text.getSlice(at: 0, length: text.readableBytes - 1))
        let call = VarlinkCall(
            method: method, more: false, oneway: false, peer: peer, message: message, progress: CallProgress(), send: { _ in })
        do {
            try await handler.handle(call)
        } catch let error as VarlinkError {
            // Any other error is one that came after the check.
            return error != .permissionDenied
        }
        return true
    }

    private func allowed(_ policy: AccessPolicy, _ peer: PeerCredentials) async throws -> Set<String> {
        var allowed: Set<String> = []
        try await TestServer.run([PixelModel()], configure: { $0.access = policy }) { server in
            for (index, method, _) in Self.every where try await isAllowed(server.service.handlers[index], method, peer) {
                allowed.insert(method)
            }
        }
        return allowed
    }

    private func methods(_ role: Role) -> Set<String> {
        Set(Self.every.filter { $0.role <= role }.map(\.method))
    }

    @Test func `every method of the interfaces has a role`() {
        let described = [InterfaceDescriptions.verification, InterfaceDescriptions.admin].flatMap { text in
            text.split(separator: "\n").filter { $0.hasPrefix("method ") }.compactMap { $0.split(separator: "(").first?.dropFirst(7) }
        }
        #expect(Set(described.map(String.init)) == Set(Self.every.map(\.method)))
    }

    @Test func `without a policy whoever may connect may do all`() async throws {
        #expect(try await allowed(AccessPolicy(), Self.stranger) == methods(.admin))
    }

    @Test(arguments: Role.allCases) func `a user's role opens its methods and those below`(_ role: Role) async throws {
        #expect(try await allowed(AccessPolicy(users: [61_234: role]), Self.stranger) == methods(role))
    }

    @Test(arguments: Role.allCases) func `a group's role opens its methods and those below`(_ role: Role) async throws {
        #expect(try await allowed(AccessPolicy(groups: [61_234: role]), Self.stranger) == methods(role))
    }

    @Test func `whom a policy does not name may do nothing`() async throws {
        #expect(try await allowed(AccessPolicy(users: [1: .admin], groups: [2: .admin]), Self.stranger).isEmpty)
    }

    @Test func `the higher of several roles holds`() {
        let policy = AccessPolicy(users: [10: .verify], groups: [20: .enrol, 21: .verify])
        #expect(policy.role(ofUser: 10, groups: [21, 20]) == .enrol)
        #expect(policy.role(ofUser: 10, groups: []) == .verify)
        #expect(policy.role(ofUser: 11, groups: [21]) == .verify)
        #expect(policy.role(ofUser: 11, groups: []) == nil)
    }

    @Test func `root and the daemon's own user have every role`() async {
        let control = AccessControl(policy: AccessPolicy(users: [1: .verify]), ownUser: 500)
        #expect(await control.allows(PeerCredentials(processID: 1, userID: 0, groupID: 9), .admin))
        #expect(await control.allows(PeerCredentials(processID: 1, userID: 500, groupID: 9), .admin))
        #expect(!(await control.allows(PeerCredentials(processID: 1, userID: 501, groupID: 0), .verify)))
    }

    /// A user of the system's own database who is in a group beside the primary one.
    private static let member: (user: UInt32, group: UInt32)? = {
        guard let groups = try? String(contentsOfFile: "/etc/group", encoding: .utf8),
            let users = try? String(contentsOfFile: "/etc/passwd", encoding: .utf8)
        else { return nil }
        for line in groups.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 4, let group = UInt32(fields[2]), let name = fields[3].split(separator: ",").first else { continue }
            for entry in users.split(separator: "\n") {
                let user = entry.split(separator: ":", omittingEmptySubsequences: false)
                if user.count > 3, user[0] == name, let uid = UInt32(user[2]), uid != 0, uid != geteuid(), UInt32(user[3]) != group {
                    return (uid, group)
                }
            }
        }
        return nil
    }()

    @Test(.enabled(if: member != nil, "no user of this system is in a second group"))
    func `a group counts for its further members too`() async throws {
        let (user, group) = try #require(Self.member)
        let peer = PeerCredentials(processID: 1, userID: user, groupID: 61_234)
        #expect(await AccessControl(policy: AccessPolicy(groups: [group: .enrol])).allows(peer, .enrol))
        #expect(!(await AccessControl(policy: AccessPolicy(groups: [group: .enrol])).allows(peer, .admin)))
    }

    @Test func `a user without a name has no groups`() async {
        #expect(await GroupMembership().groups(ofUser: 4_000_000_123) == [])
        #expect(await GroupMembership().groups(ofUser: 0).contains(0))
    }

    @Test func `a denial is in the journal with the peer's numbers`() async throws {
        try await TestServer.run([PixelModel()], configure: { $0.access = AccessPolicy(users: [1: .admin]) }) { server in
            _ = try await isAllowed(server.service.handlers[0], "Enroll", Self.stranger)
            let entry = try #require(server.journal.entries.last)
            #expect(entry.level == .warning)
            #expect(entry.metadata["uid"] == "61234")
            #expect(entry.metadata["pid"] == "4242")
            #expect(entry.metadata["result"] == "PermissionDenied")
            #expect(entry.message.contains("“enrol”"))
        }
    }
}
