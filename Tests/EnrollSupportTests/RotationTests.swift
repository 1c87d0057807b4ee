// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import LikenessInterface
import Synchronization
import Testing
import Varlink

@Suite struct RotationTests {
    private static let times = LocalTime(timeZone: .gmt)

    private static func run(_ socket: String, dryRun: Bool = false, maxDrop: Double? = nil) -> RotationRun {
        RotationRun(client: Sample.client(socket), model: "new", dryRun: dryRun, maxDrop: maxDrop)
    }

    /// Follows a rotation that sends these and then, where there is one, the error.
    private static func following(
        _ rotations: [WireRotation], then failure: ServiceFailure? = nil
    ) async throws -> (shown: [WireRotation], result: Result<WireRotation, CommandFailure>) {
        let shown = Mutex<[WireRotation]>([]), result = Mutex<Result<WireRotation, CommandFailure>?>(nil)
        try await ScriptedDaemon.run { call in
            for rotation in rotations.dropLast(failure == nil ? 1 : 0) {
                try await call.replyContinuing(RotateModel.Reply(rotation: rotation))
            }
            if let failure { throw try Sample.error(failure) }
            if let last = rotations.last { try await call.reply(RotateModel.Reply(rotation: last)) }
        } _: { socket in
            let outcome: Result<WireRotation, CommandFailure>
            do throws(CommandFailure) {
                outcome = .success(try await run(socket).follow { rotation in shown.withLock { $0.append(rotation) } })
            } catch {
                outcome = .failure(error)
            }
            result.withLock { $0 = outcome }
        }
        return (shown.withLock { $0 }, try #require(result.withLock { $0 }))
    }

    @Test func `what is asked for is sent, and no more`() async throws {
        let asked = Mutex<[[String: JSONValue]]>([])
        try await ScriptedDaemon.run { call in
            let parameters = try call.fields
            asked.withLock { $0.append(parameters) }
            #expect(!call.more)
            try await call.reply(RotateModel.Reply(rotation: Sample.rotation(.embedding)))
        } _: { socket in
            _ = try await Self.run(socket).start()
            _ = try await Self.run(socket, dryRun: true, maxDrop: 0.5).start()
        }
        #expect(
            asked.withLock { $0 } == [
                ["model": .string("new")], ["model": .string("new"), "dry_run": .bool(true), "max_drop": .double(0.5)],
            ])
    }

    @Test(arguments: [WireRotation.Phase.activated, .measured])
    func `a rotation is followed to its end`(_ phase: WireRotation.Phase) async throws {
        let rotations = [
            Sample.rotation(.embedding, done: 1), Sample.rotation(.measuring, done: 300),
            Sample.rotation(phase, done: 300),
        ]
        let (shown, result) = try await Self.following(rotations)
        #expect(shown == rotations)
        #expect(try result.get() == rotations[2])
    }

    @Test(arguments: [
        (WireRotation.Phase.failed, CommandStatus.internalError), (.cancelled, .interrupted),
        (.refused, .configuration),
        // The daemon went on to something else than an end.
        (.measuring, .protocolError),
    ])
    func `an end that is none of what was asked is a failure`(
        _ phase: WireRotation.Phase, _ status: CommandStatus
    ) async throws {
        let report = phase == .refused ? Sample.report() : nil
        let (_, result) = try await Self.following([Sample.rotation(phase, report: report, message: "why")])
        let failure = try #require(#expect(throws: CommandFailure.self) { try result.get() })
        #expect(failure.status == status)
        if phase.isEnd { #expect(failure.message == "why") }
        #expect(RotationRun.report(of: failure) == report)
    }

    @Test func `the error of a refusal holds its report`() async throws {
        let (shown, result) = try await Self.following(
            [Sample.rotation(.embedding)], then: .rotationRefused(report: Sample.report(), message: "why"))
        #expect(shown.count == 1)
        let failure = try #require(#expect(throws: CommandFailure.self) { try result.get() })
        #expect(failure.status == .configuration && failure.message == "why")
        #expect(RotationRun.report(of: failure) == Sample.report())
        #expect(RotationRun.report(of: CommandFailure(.internalError, name: "Internal", message: "m")) == nil)
    }

    @Test func `a report is read as tables`() {
        #expect(
            RotationText.report(Sample.report()) == """
                300 samples: 298 embedded, 2 refused
                GALLERY BY    GENUINE PAIRS  IMPOSTOR PAIRS  EER    95 % INTERVAL
                active model            300           44850  1.2 %  0.8 % to 1.7 %
                other model             298           44253  3.2 %  unknown
                the EER rises by 2 percentage points, and a rise of 1 is allowed

                samples that the other model makes nothing of (the first 1 of 2):
                IDENTITY  SAMPLE  REASON
                山田           2  no face is found


                identities whose own samples do not all match by the other model:
                IDENTITY  SAMPLE  DISTANCE  AT MOST
                bob            3  1.001     1

                objection: the EER rises by 2 percentage points, and 1 is allowed

                """)
        #expect(
            RotationText.report(Sample.report(acceptable: true, objections: [])).hasSuffix(
                "the model may be activated\n"))
    }

    @Test func `the beginning says how to follow it`() {
        #expect(
            RotationText.started(Sample.rotation(.embedding)) == """
                rotation of face from old 1 (abababababab) to new 1 (cdcdcdcdcdcd): 300 samples
                enroll rotate --status tells how far it is, and enroll rotate --cancel ends it

                """)
        #expect(
            RotationText.started(Sample.rotation(.activated, message: "new is active\u{1B}"))
                == "new is active\\u{1B}\n")
    }

    @Test func `the status tells the rotation and the generations`() {
        let generations = [Sample.generation(1, .active), Sample.generation(2, .building, "new")]
        let reply = RotationStatus.Reply(
            rotation: Sample.rotation(.embedding, done: 120, dryRun: true, message: "embedding"),
            generations: generations)
        #expect(
            RotationText.status(reply, times: Self.times) == """
                dry run of a rotation of face from old 1 (abababababab) to new 1 (cdcdcdcdcdcd)
                  phase    embedding, of a dry run
                  samples  120 of 300 done, 12 seconds left
                  state    embedding

                GENERATION  MODALITY  STATE     MODEL                 CREATED               SAMPLES  REFUSED
                         1  face      active    old 1 (abababababab)  1970-01-01T00:00:00Z      300        0
                         2  face      building  new 1 (cdcdcdcdcdcd)  1970-01-01T00:00:00Z      300        0

                """)
        #expect(RotationText.status(RotationStatus.Reply(generations: [])).hasPrefix("no rotation is under way"))
    }

    @Test func `going back and pruning say what is kept`() {
        let rolledBack = RotationText.rolledBack(
            Rollback.Reply(active: Sample.generation(1, .active), previous: Sample.generation(2, .retired, "new"))
        )
        #expect(
            rolledBack == """
                old 1 (abababababab) is the active face model again, generation 1
                new 1 (cdcdcdcdcdcd), generation 2, is kept until enroll rotate --prune

                """)
        #expect(
            RotationText.pruned(PruneGenerations.Reply(generations: 1, embeddings: 300))
                == "1 retired generation with 300 embeddings is removed\n")
        #expect(
            RotationText.pruned(PruneGenerations.Reply(generations: 0, embeddings: 0))
                == "there is no retired generation to remove\n")
    }

    @Test func `a bar shows samples and the time left`() {
        let drawn = Mutex<[String]>([])
        let bar = { (title: String) in
            ProgressDisplay(title: title, write: { text in drawn.withLock { $0.append(text) } }, columns: { 60 })
        }
        let display = RotationDisplay(embedding: bar("embedding"), measuring: bar("measuring"))
        display.show(Sample.rotation(.embedding, done: 150))
        display.show(Sample.rotation(.measuring, done: 300))
        display.show(Sample.rotation(.activated, done: 300))
        let text = drawn.withLock { $0.joined() }
        #expect(text.contains("] 150 of 300, 0:13 left"))
        #expect(text.contains("measuring ["))
        #expect(text.hasSuffix("\r\u{1B}[K"))
    }
}
