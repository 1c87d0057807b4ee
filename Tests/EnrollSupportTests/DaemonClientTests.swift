// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

@Suite struct DaemonClientTests {
    private static func client(_ socket: String, timeout: Duration = .seconds(20)) -> DaemonClient {
        Sample.client(socket, timeout: timeout)
    }

    private static func photographs(_ names: [String], in folder: TemporaryFolder) throws -> [String] {
        try names.map { name in
            try Data(name.utf8).write(to: URL(fileURLWithPath: folder.appending(name)))
            return folder.appending(name)
        }
    }

    /// Enrols each photograph unless its content is `bad`, and hangs up on `gone`.
    @Sendable private static func enrolling(_ call: VarlinkCall) async throws {
        let parameters = try call.sent(as: Enroll.self)
        let content = String(decoding: Data(base64Encoded: parameters.image) ?? Data(), as: UTF8.self)
        switch content {
        case "bad":
            let failure = ServiceFailure.noFace(message: "no face was found")
            throw try VarlinkError(name: failure.name, encoding: failure)
        case "denied":
            let failure = ServiceFailure.notAuthorized(.refused)
            throw try VarlinkError(name: failure.name, encoding: failure)
        case "slow": try await Task.sleep(for: .seconds(60))
        default:
            let number = Int(content) ?? 0
            try await call.reply(
                Enroll.Reply(
                    identity: parameters.identity, sample: number, samples: number, measurements: [],
                    warnings: number == 2 ? [WireWarning(kind: .duplicateSample, message: "seen before")] : [],
                    model: "ab"))
        }
    }

    @Test func `every photograph is tried, and each outcome is told`() async throws {
        try await ScriptedDaemon.run(Self.enrolling) { socket in
            let folder = try TemporaryFolder()
            let photographs = try Self.photographs(["1", "bad", "2"], in: folder) + [folder.appending("missing")]
            let run = EnrollmentRun(client: Self.client(socket), identity: "alice", modality: nil, largest: false)
            var steps: [Int] = []
            let report = await run.report(photographs: photographs) { steps.append($0) }
            #expect(steps == [0, 1, 2, 3, 4])
            #expect(report.status == .badData)
            let path = folder.path
            #expect(
                report.text == """
                    \(path)/1: enrolled as sample 1 of alice
                    \(path)/2: enrolled as sample 2 of alice
                    2 of 4 images enrolled; alice has 2 samples

                    """)
            #expect(
                report.complaints == """
                    enroll: \(path)/bad: no face was found; for a signature, add --modality signature
                    enroll: warning: \(path)/2: seen before
                    enroll: \(path)/missing: there is no such file

                    """)
            let json = try JSONText.line(report).replacingOccurrences(of: path + "/", with: "")
            #expect(
                json == """
                    {"enrolled":2,"failed":2,"identity":"alice","results":[\
                    {"identity":"alice","measurements":[],"model":"ab","photograph":"1","sample":1,"samples":1,"warnings":[]},\
                    {"error":{"exit_status":65,"message":"bad: no face was found; for a signature, add --modality signature","name":"io.likeness.Verification.NoFace","parameters":{}},"photograph":"bad"},\
                    {"identity":"alice","measurements":[],"model":"ab","photograph":"2","sample":2,"samples":2,"warnings":[{"kind":"duplicate_sample","message":"seen before"}]},\
                    {"error":{"exit_status":66,"message":"missing: there is no such file","name":"NoInputFile","parameters":{}},"photograph":"missing"}]}

                    """)
        }
    }

    @Test func `who is not let is not asked again for the photographs that are left`() async throws {
        try await ScriptedDaemon.run(Self.enrolling) { socket in
            let folder = try TemporaryFolder()
            let photographs = try Self.photographs(["1", "denied", "2", "3"], in: folder)
            let report = await EnrollmentRun(
                client: Self.client(socket), identity: "alice", modality: nil, largest: false
            ).report(photographs: photographs)
            #expect(report.status == .noPermission)
            let complaints = report.complaints.split(separator: "\n")
            #expect(
                complaints.count == 3 && complaints[0].contains("denied: nothing was changed: polkit does not allow it")
            )
            #expect(complaints.dropFirst().allSatisfy { $0.contains("not tried, since polkit") }, "\(complaints)")
            #expect(report.text.contains("1 of 4 images enrolled"))
        }
    }

    @Test func `nobody claims to know what became of a photograph without an answer`() async throws {
        try await ScriptedDaemon.run(Self.enrolling) { socket in
            let folder = try TemporaryFolder()
            let photographs = try Self.photographs(["slow"], in: folder)
            let client = Self.client(socket, timeout: .seconds(1))
            let report = await EnrollmentRun(client: client, identity: "alice", modality: nil, largest: false)
                .report(photographs: photographs)
            #expect(report.status == .tryAgain)
            #expect(report.text == "0 of 1 image enrolled for certain\n")
            #expect(report.complaints.contains("it may be enrolled or not, see enroll show alice"))
        }
    }

    @Test func `a list in pages is collected`() async throws {
        try await ScriptedDaemon.run { call in
            func page(_ name: String) -> List.Reply {
                List.Reply(identities: [
                    WireIdentity(name: name, modality: .face, samples: 1, enrolled: 0, updated: 0)
                ])
            }
            try await call.replyContinuing(page("a"))
            try await call.reply(page("b"))
        } _: { socket in
            let pages = try await Self.client(socket).collect(List())
            #expect(pages.flatMap(\.identities).map(\.name) == ["a", "b"])
        }
    }

    @Test func `a daemon that is not there is told with the place`() async throws {
        let folder = try TemporaryFolder()
        let client = DaemonClient(
            socket: SocketChoice(
                option: nil, environment: [:], usersOwn: ["/own", "/else"], system: folder.appending("s"),
                trusted: Sample.users,
                isTheirs: { _ in false }),
            timeout: .seconds(5))
        #expect(await !client.isReachable())
        await #expect {
            _ = try await client.call(Status())
        } throws: { error in
            let failure = error as? CommandFailure
            return failure?.status == .unavailable && failure?.message.contains(folder.appending("s")) == true
                && failure?.message.hasSuffix("(there is none of yours at /own and /else either)") == true
        }
    }

    @Test func `a call that is followed may take longer than one answer, but none of its answers may`() async throws {
        try await ScriptedDaemon.run { call in
            let limit = try call.sent(as: Audit.self).limit ?? 0
            for _ in 1..<10 {
                try await Task.sleep(for: .milliseconds(200))
                try await call.replyContinuing(Audit.Reply(entries: []))
            }
            if limit == 1 { try await Task.sleep(for: .seconds(60)) }
            try await call.reply(Audit.Reply(entries: []))
        } _: { socket in
            let client = Self.client(socket, timeout: .milliseconds(1500))
            var replies = 0
            try await client.follow(Audit()) {
                _ in replies += 1
            }
            #expect(replies == 10)
            let error = await #expect(throws: CommandFailure.self) {
                try await client.follow(Audit(limit: 1)) { _ in }
            }
            #expect(error?.name == "Timeout" && error?.status == .tryAgain)
        }
    }

    @Test func `what is done with an answer is no silence, and its failure ends the call`() async throws {
        try await ScriptedDaemon.run { call in
            try await call.replyContinuing(Audit.Reply(entries: []))
            try await call.reply(Audit.Reply(entries: []))
        } _: { socket in
            let client = Self.client(socket, timeout: .seconds(1))
            try await client.follow(Audit()) {
                _ in
                try await Task.sleep(for: .milliseconds(1200))
            }
            let error = await #expect(throws: CommandFailure.self) {
                try await client.follow(Audit()) {
                    _ in
                    throw CommandFailure(.cannotCreate, name: "N", message: "m")
                }
            }
            #expect(error?.status == .cannotCreate)
        }
    }
}
