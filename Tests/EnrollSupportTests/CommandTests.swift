// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// The built command against a scripted daemon.
@Suite(.enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"))
struct CommandTests {
    private let folder: TemporaryFolder
    private let photograph: String

    init() throws {
        folder = try TemporaryFolder()
        photograph = folder.appending("photo.png")
        try Data("pixels".utf8).write(to: URL(fileURLWithPath: photograph))
    }

    private func enroll(_ arguments: [String], socket: String, input: Data? = nil) async throws -> CommandResult {
        try await Command.run(
            Products.program("enroll"), arguments, environment: ["LIKENESS_SOCKET": socket], input: input)
    }

    private static func verifying(_ result: WireResult) -> ScriptedDaemon.Script {
        { call in
            let parameters = try call.sent(as: Verify.self)
            guard parameters.image == Data("pixels".utf8).base64EncodedString() else {
                throw VarlinkError.invalidParameter("image")
            }
            try await call.reply(
                Verify.Reply(
                    identity: parameters.identity, result: result, distance: 0.31, score: 0.97, threshold: 0.5,
                    operatingPoint: parameters.operatingPoint ?? 1e-3, measurements: [], unacceptable: [],
                    message: "why", model: "ab", generation: 1))
        }
    }

    @Test(arguments: [
        (WireResult.match, Int32(0), "match"), (.noMatch, 1, "no match"), (.inconclusive, 2, "inconclusive"),
    ])
    func `the exit status tells the result`(_ result: WireResult, _ status: Int32, _ word: String) async throws {
        try await ScriptedDaemon.run(Self.verifying(result)) { socket in
            let text = try await enroll(["verify", "alice", photograph, "--fmr", "1e-2"], socket: socket)
            #expect(text.status == status, "\(text.errors)")
            #expect(text.output.hasPrefix("\(word), score 0.97, threshold 0.5 (FMR 1e-2), distance 0.31\n"))
            let json = try await enroll(["verify", "--json", "--", "-alice", photograph], socket: socket)
            #expect(json.status == status)
            #expect(try json.json()["identity"] as? String == "-alice")
            let piped = try await enroll(["verify", "alice", "-"], socket: socket, input: Data("pixels".utf8))
            #expect(piped.status == status, "\(piped.errors)")
        }
    }

    @Test func `an error of the daemon ends with its status, its words and its JSON`() async throws {
        try await ScriptedDaemon.run { _ in
            let failure = ServiceFailure.noSuchIdentity(identity: "bob")
            throw try VarlinkError(name: failure.name, encoding: failure)
        } _: { socket in
            let result = try await enroll(["show", "bob", "--json"], socket: socket)
            #expect(result.status == 67)
            #expect(result.errors == "enroll: no identity is enrolled as “bob”; enroll list shows the names\n")
            let error = try #require(try result.json()["error"] as? [String: Any])
            #expect(error["name"] as? String == "io.likeness.Verification.NoSuchIdentity")
            #expect((error["parameters"] as? [String: String]) == ["identity": "bob"])
            let plain = try await enroll(["show", "bob"], socket: socket)
            #expect(plain.output.isEmpty)
        }
    }

    @Test(arguments: [
        ["verify"], ["verify", "alice"], ["nonsense"], ["add", "alice"], ["verify", "a", "b", "--fmr", "2"],
        ["identify", "a", "--limit", "0"],
        ["identify", "a", "--limit", "101"],
        ["identify", "a", "--fpir", "0"], ["identify", "a", "--fpir", "1"],
        ["identify", "a", "--fpir", "0.1", "--fmr", "1e-3"], ["identify", "a", "--all", "--limit", "3"],
        ["identify", "a", "--all", "--largest"], ["identify", "a", "--all", "--modality", "signature"],
        ["verify", "a", "b", "--fpir", "0.1"],
        ["add", "alice", "--camera", "a.png"], ["add", "alice", "a.png", "--samples", "2"],
        ["add", "alice", "--camera", "--samples", "6"], ["add", "alice", "--camera", "--capture", "ffmpeg -x"],
        ["add", "alice", "--camera", "--capture", "[\"/bin/true\""],
        ["add", "alice", "--camera", "--capture-user", "u"],
        ["add", "alice", "--camera", "--capture", "/bin/true", "--camera-seconds", "0"],
        ["move", "alice", "bob"], ["move", "alice", "alice", "--sample", "1"],
        ["add", "alice", "-", "-"], ["status", "--timeout", "0"],
        ["model", "import", "onnx", "a.onnx", "--detector", "d", "--name", "n", "--size", "112x96"],
        ["model", "import", "onnx", "a.onnx"], ["rotate"], ["rotate", "m", "--status"],
        ["rotate", "--status", "--cancel"],
        ["rotate", "--status", "--wait"], ["rotate", "m", "--max-drop", "1.5"], ["rotate", "m", "--modality", "face"],
        ["audit", "--limit", "0"], ["audit", "--verify", "--after", "3"],
        ["gallery", "import", "f", "--replace", "--skip-existing"],
        ["gallery", "import", "-"], ["gallery", "export"],
    ])
    func `wrong usage ends with 64`(_ arguments: [String]) async throws {
        let result = try await enroll(arguments, socket: "/nowhere")
        #expect(result.status == 64, "\(result.output)\(result.errors)")
        #expect(!result.errors.isEmpty)
        let json = try await enroll(arguments + ["--json"], socket: "/nowhere")
        #expect(json.status == 64)
        #expect((try json.json()["error"] as? [String: Any])?["name"] as? String == "Usage")
    }

    private static let rate = WireIdentificationRate(rate: 0.0488, upperBound: 0.1, references: 50)

    private static func identifying(_ asked: Double?, told: WireIdentificationRate?) -> ScriptedDaemon.Script {
        { call in
            guard try call.sent(as: Identify.self).identificationRate == asked else {
                throw VarlinkError.invalidParameter("false_positive_identification_rate")
            }
            try await call.reply(
                Identify.Reply(
                    result: .match, candidates: [WireCandidate(identity: "alice", distance: 0.31, score: 0.97)],
                    threshold: 0.5, operatingPoint: 1e-3, falsePositiveIdentification: told, measurements: [],
                    unacceptable: [], message: "why", model: "ab", generation: 1))
        }
    }

    @Test func `an identification tells how often a stranger is taken for somebody, and can ask for a rate`()
        async throws
    {
        try await ScriptedDaemon.run(Self.identifying(0.05, told: Self.rate)) { socket in
            let text = try await enroll(["identify", photograph, "--fpir", "0.05"], socket: socket)
            #expect(text.status == 0, "\(text.errors)")
            #expect(
                text.output.contains(
                    "  a stranger is taken for somebody: FPIR 4.88e-2, with 95 % confidence at most 1e-1, among 50 references\n"
                ))
            let json = try await enroll(["identify", photograph, "--fpir", "0.05", "--json"], socket: socket)
            let told = try #require(try json.json()["false_positive_identification"] as? [String: Any])
            #expect(told["rate"] as? Double == 0.0488 && told["upper_bound"] as? Double == 0.1)
            #expect(told["references"] as? Int == 50)
        }
    }

    @Test func `an answer of a daemon that knows no such rate is not taken for one at it`() async throws {
        try await ScriptedDaemon.run(Self.identifying(0.05, told: nil)) { socket in
            let result = try await enroll(["identify", photograph, "--fpir", "0.05"], socket: socket)
            #expect(result.status == 76 && result.errors.contains("--fpir"), "\(result)")
        }
    }

    @Test(arguments: [
        ([WireResult.noMatch, .match], Int32(0)), ([.noMatch, .noMatch], Int32(1)),
        ([.noMatch, .inconclusive], Int32(2)),
    ])
    func `every face of a picture is told, and the exit status says whether one of them is known`(
        _ results: [WireResult], _ status: Int32
    ) async throws {
        try await ScriptedDaemon.run { call in
            _ = try call.sent(as: IdentifyAll.self)
            try await call.reply(
                IdentifyAll.Reply(
                    width: 640, height: 480, found: 2,
                    faces: results.map { result in
                        WireIdentifiedFace(
                            box: WireBox(left: 10.4, top: 20, width: 80, height: 81), result: result,
                            nearest: WireCandidate(identity: "alice", distance: 0.31, score: 0.97), measurements: [],
                            unacceptable: [], message: "why")
                    }, threshold: 0.5, operatingPoint: 1e-3, falsePositiveIdentification: Self.rate, model: "ab",
                    generation: 1))
        } _: { socket in
            let text = try await enroll(["identify", photograph, "--all"], socket: socket)
            #expect(text.status == status, "\(text.errors)")
            let known = results.count { $0 == .match }
            #expect(text.output.contains("\(known) of 2 faces known, threshold 0.5 (FMR 1e-3)\n"), "\(text.output)")
            #expect(text.output.contains("80×81 at 10, 20"))
            #expect(text.output.contains("  face 2: why\n") == (results[1] == .inconclusive))
            let json = try await enroll(["identify", photograph, "--all", "--json"], socket: socket)
            #expect((try json.json()["faces"] as? [Any])?.count == 2)
        }
    }

    @Test(arguments: [Identify.limits.lowerBound, Identify.limits.upperBound])
    func `a limit that the daemon takes is sent`(_ limit: Int) async throws {
        try await ScriptedDaemon.run { call in
            let parameters = try call.sent(as: Identify.self)
            guard parameters.limit == limit else { throw VarlinkError.invalidParameter("limit") }
            try await call.reply(
                Identify.Reply(
                    result: .noMatch, candidates: [], threshold: 0.5, operatingPoint: 1e-3, measurements: [],
                    unacceptable: [],
                    message: "why", model: "ab", generation: 1))
        } _: { socket in
            let result = try await enroll(["identify", photograph, "--limit", "\(limit)"], socket: socket)
            #expect(result.status == 1, "\(result.errors)")
        }
    }

    @Test func `a limit that the daemon would refuse is refused with its bounds`() async throws {
        let result = try await enroll(["identify", photograph, "--limit", "101"], socket: "/nowhere")
        #expect(result.status == 64)
        #expect(result.errors.contains("--limit takes a whole number from 1 to 100, not 101"), "\(result.errors)")
    }

    @Test func `without a daemon the status is 69, without a file 66`() async throws {
        let status = try await enroll(["status"], socket: folder.appending("none"))
        #expect(status.status == 69)
        #expect(status.errors.hasPrefix("enroll: cannot reach a daemon at \(folder.appending("none"))"))
        #expect(
            try await enroll(["verify", "alice", folder.appending("none.png")], socket: folder.appending("none")).status
                == 66)
        #expect(try await enroll(["model", "list", "--models", folder.appending("none")], socket: "").status == 0)
        #expect(
            try await enroll(["model", "show", "x", "--models", folder.appending("none")], socket: "").status == 78)
        let own = try await Command.run(
            Products.program("enroll"), ["detect", photograph, "--model", "no-such-model"],
            environment: ["HOME": folder.appending("home")])
        #expect(own.status == 78 && own.errors.hasPrefix("enroll: there is no model “no-such-model”: "), "\(own)")
        #expect(own.errors.contains("--models FOLDER names another"), "\(own)")
        // Where nothing is written, --output is no other name of the folder that is read.
        for command in [["detect", photograph], ["compare", photograph, photograph], ["model", "list"]] {
            #expect(try await enroll(command + ["--output", folder.path], socket: "").status == 64)
        }
        #expect(
            try await enroll(
                ["model", "import", "dlib", folder.path, "--output", folder.path, "--models", folder.path], socket: ""
            ).status == 64)
        #expect(
            try await enroll(["model", "import", "dlib", folder.path, "--output", folder.path], socket: "").status == 66
        )
    }

    @Test func `names are completed by the daemon`() async throws {
        try await ScriptedDaemon.run { call in
            let names = ["alice", "albert", "bob", "al\u{1B}"]
            try await call.reply(
                List.Reply(
                    identities: names.map {
                        WireIdentity(name: $0, modality: .face, samples: 1, enrolled: 0, updated: 0)
                    }))
        } _: { socket in
            // One that no clock can be asked for is as good as none.
            for timeout in ["30", "9223372036854775807", "0", "-1", "1e3"] {
                let result = try await enroll(
                    [
                        "---completion", "show", "--", "positional@0", "4", "2", "enroll", "show", "--timeout", timeout,
                        "al",
                    ],
                    socket: socket)
                #expect(
                    result.output.split(separator: "\n").map(String.init).contains("alice"),
                    "\(timeout): \(result.output)\(result.errors)")
                #expect(!result.output.contains("\u{1B}"))
            }
        }
    }

    @Test func `a picture of several people is asked for whole where the command can do that`() async throws {
        try await ScriptedDaemon.run { _ in
            let failure = ServiceFailure.severalFaces(count: 3)
            throw try VarlinkError(name: failure.name, encoding: failure)
        } _: { socket in
            let identified = try await enroll(["identify", photograph], socket: socket)
            #expect(
                identified.status == 65 && identified.errors.hasSuffix("; --all asks for every face\n"), "\(identified)"
            )
            let verified = try await enroll(["verify", "alice", photograph], socket: socket)
            #expect(verified.status == 65 && !verified.errors.contains("--all"), "\(verified)")
        }
    }

    @Test(
        .enabled(
            if: TestEnvironment.shared != nil, "needs LIKENESS_SHARED (networks and faces), which scripts/test sets"))
    func `a network of others is imported, calibrated, chosen, exported and imported again`() async throws {
        let shared = TestEnvironment.shared ?? "", models = folder.appending("models")
        func model(_ arguments: String...) async throws -> CommandResult {
            try await enroll(["model"] + arguments + ["--json"], socket: folder.appending("none"))
        }
        for person in 1...3 {
            let name = "s0\(person)"
            try FileManager.default.createDirectory(
                atPath: folder.appending("people/\(name)"), withIntermediateDirectories: true)
            for number in 1...4 {
                try FileManager.default.copyItem(
                    atPath: "\(shared)/data/orl-faces/\(name)/0\(number).png",
                    toPath: folder.appending("people/\(name)/\(number).png"))
            }
        }
        let imported = try await model(
            "import", "onnx", "\(shared)/weights/MobileFaceNet.onnx", "--detector",
            "\(shared)/weights/yunet_n_320_320.onnx",
            "--name", "small", "--output", models)
        #expect(imported.status == 0, "\(imported.errors)")
        #expect(try await model("use", "small", "--models", models).status == 78)

        try Data("no picture".utf8).write(to: URL(fileURLWithPath: folder.appending("people/s01/5.png")))
        let calibrated = try await model("calibrate", "small", folder.appending("people"), "--models", models)
        #expect(calibrated.status == 0, "\(calibrated.errors)")
        #expect(calibrated.errors.contains("left out s01/5.png: "))
        let report = try #require(try calibrated.json()["calibration"] as? [String: Any])
        #expect(report["people"] as? Int == 3)
        #expect(report["images"] as? Int == 13)
        #expect((report["refused"] as? [Any])?.count == 1)
        #expect((report["operating_points"] as? [Any])?.count == 3)
        #expect(try await model("use", "small", "--models", models).status == 0)

        let tar = folder.appending("small.tar"), others = folder.appending("others")
        #expect(try await model("export", "small", tar, "--models", models).status == 0)
        #expect(try await model("export", "small", tar, "--models", models).status == 73)
        #expect(try await model("import", "package", tar, "--models", others).status == 0)
        let there = try #require(try await model("list", "--models", others).json()["models"] as? [[String: Any]])
        let here = try #require(try await model("list", "--models", models).json()["models"] as? [[String: Any]])
        #expect(there.map { $0["digest"] as? String } == here.map { $0["digest"] as? String })
        #expect(there.first?["calibrated"] as? Bool == true)
    }
}
