// SPDX-License-Identifier: Apache-2.0

import Biometrics
import EnrollSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Synchronization
import Testing
import Varlink

/// `enroll add --camera` with capture commands of every kind, and a daemon that says what it is told to.
@Suite(.enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"))
struct CameraTests {
    /// What a daemon was sent, and what it says to one picture after the other.
    private final class Judge: Sendable {
        private struct State {
            var verdicts: [ServiceFailure?]
            var checked: [String] = []
            var enrolled: [[String]] = []
        }

        private let state: Mutex<State>
        /// How many samples the identity has; nil where nobody is enrolled.
        let known: Int?
        let modality: Modality
        let refusal: ServiceFailure?

        /// - Parameters:
        ///   - verdicts: for each picture; all after them are good.
        ///   - refusal: what becomes of the enrolment.
        init(
            _ verdicts: [ServiceFailure?] = [], known: Int? = nil, modality: Modality = .face,
            refusal: ServiceFailure? = nil
        ) {
            state = Mutex(State(verdicts: verdicts))
            self.known = known
            self.modality = modality
            self.refusal = refusal
        }

        var checked: [String] { state.withLock(\.checked) }
        var enrolled: [[String]] { state.withLock(\.enrolled) }

        private static func error(_ failure: ServiceFailure) throws -> VarlinkError {
            try VarlinkError(name: failure.name, encoding: failure)
        }

        func answer(_ call: VarlinkCall) async throws {
            switch call.method {
            case "Describe":
                guard let known else { throw try Self.error(.noSuchIdentity(identity: "alice")) }
                try await call.reply(
                    Describe.Reply(
                        identity: WireIdentity(
                            name: "alice", modality: modality, samples: known, enrolled: 0, updated: 0),
                        samples: [], model: "ab"))
            case "CheckSample":
                let sent = try call.sent(as: CheckSample.self)
                let verdict = state.withLock { state in
                    state.checked.append(sent.image)
                    return state.verdicts.isEmpty ? nil : state.verdicts.removeFirst()
                }
                if let verdict { throw try Self.error(verdict) }
                try await call.reply(CheckSample.Reply(modality: modality, measurements: [], model: "ab"))
            case "EnrollSamples":
                let sent = try call.sent(as: EnrollSamples.self)
                state.withLock { $0.enrolled.append(sent.images) }
                if let refusal { throw try Self.error(refusal) }
                try await call.reply(
                    EnrollSamples.Reply(
                        identity: sent.identity,
                        enrolled: sent.images.indices.map { place in
                            WireNewSample(
                                sample: place + 1, measurements: [],
                                warnings: place == 0 ? [WireWarning(kind: .nearIdentity, message: "near bob")] : [])
                        }, samples: sent.images.count, model: "ab"))
            default: throw VarlinkError.methodNotFound(call.method)
            }
        }
    }

    /// A shell's line as a capture command.
    private static func shell(_ line: String) -> [String] {
        let text = line.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
        return ["--capture", "[\"/bin/sh\", \"-c\", \"\(text)\"]"] + user("nobody")
    }

    /// Root has to say whom the command runs as.
    private static func user(_ name: String) -> [String] { geteuid() == 0 ? ["--capture-user", name] : [] }

    /// Prints what is cut out as a picture, each another one; no daemon could read it.
    private static let picture =
        #"printf '\377\330\377\376\000\013%s\377\332\000\002scan\377\331' "$(date +%N)"; "#

    /// - Returns: how it ended, and what the daemon was sent.
    private func add(
        _ judge: Judge = Judge(), _ arguments: [String], limit: Duration = .seconds(60)
    ) async throws -> CommandResult {
        let result = Mutex<CommandResult?>(nil)
        try await ScriptedDaemon.run(judge.answer) { socket in
            let ended = try await Command.run(
                Products.program("enroll"), ["add", "alice", "--camera"] + arguments,
                environment: ["LIKENESS_SOCKET": socket])
            result.withLock { $0 = ended }
        }
        return try #require(result.withLock { $0 })
    }

    private static func dark(_ value: Double = 20) -> ServiceFailure {
        .lowQuality(unacceptable: [WireMeasurement(quantity: "brightness", value: value, minimum: 40, maximum: 220)])
    }

    // MARK: Looks

    @Test func `one look after another is taken, and all of them are enrolled in one step at the end`() async throws {
        let judge = Judge()
        let result = try await add(judge, Self.shell(Self.picture))
        #expect(result.status == 0, "\(result)")
        #expect(result.output == "3 looks of the camera enrolled as samples 1, 2, 3 of alice; alice has 3 samples\n")
        #expect(
            result.errors == """
                Look 1 of 3: Look straight into the camera.
                Look 1 is good.
                Look 2 of 3: Turn your head a little to the left.
                Look 2 is good.
                Look 3 of 3: Turn your head a little to the right.
                Look 3 is good.
                enroll: warning: sample 1: near bob

                """)
        #expect(judge.enrolled == [judge.checked] && Set(judge.checked).count == 3)
        let json = try await add(Judge(known: 3), Self.shell(Self.picture) + ["--samples", "2", "--json"])
        #expect(json.status == 0)
        let report = try json.json()
        #expect(report["enrolled"] as? Int == 2 && report["captures"] as? Int == 2 && report["refused"] as? Int == 0)
        #expect((report["results"] as? [[String: Any]])?.compactMap { $0["sample"] as? Int } == [1, 2])
    }

    @Test func `what is wrong with a look is told in a plain line, and no refused picture is enrolled`() async throws {
        func low(_ quantity: String, _ value: Double, minimum: Double? = nil, maximum: Double? = nil) -> ServiceFailure
        {
            .lowQuality(
                unacceptable: [
                    WireMeasurement(quantity: quantity, value: value, minimum: minimum, maximum: maximum)
                ])
        }
        let covered = ServiceFailure.lowQuality(
            unacceptable: [
                WireMeasurement(quantity: "brightness", value: 20, minimum: 40),
                WireMeasurement(quantity: "mouth_and_nose_visible", value: 0.1, minimum: 0.4),
            ])
        let cases: [(ServiceFailure, String)] = [
            (.noFace(message: "m"), "No face is seen: look into the camera."),
            (.severalFaces(count: 2), "Several faces are seen: be alone before the camera."),
            (Self.dark(), "Too dark: turn on a light."), (Self.dark(250), "Too bright: turn away from the light."),
            (low("sharpness", 1, minimum: 5), "Too blurred: hold still."),
            (low("head_yaw", -50, minimum: -30, maximum: 30), "Turned away too far: turn to the camera."),
            (low("face_size", 20, minimum: 60), "Too far away: come closer."),
            (low("contrast", 2, minimum: 10), "Too little contrast: let the light come from the front."),
            (
                low("eyes_visible", 0.1, minimum: 0.4),
                "Your eyes are covered: take off dark glasses, and keep hair and hands away."
            ),
            (covered, "Your mouth or nose is covered: take off the mask or scarf, and keep hands away."),
            (
                low("warmth", 1, minimum: 2), "Not good enough: warmth is 1, and at least 2 is needed."
            ),
            (.imageRejected(cause: "corrupt", message: "m"), "The camera's picture is not read (m)."),
        ]
        let judge = Judge(cases.map(\.0))
        let result = try await add(judge, Self.shell(Self.picture) + ["--samples", "1"])
        #expect(result.status == 0, "\(result)")
        let told = result.errors.split(separator: "\n").map(String.init)
        #expect(told.dropFirst().dropLast(2) == ArraySlice(cases.map(\.1)), "\(told)")
        #expect(judge.enrolled == [[judge.checked.last].compactMap(\.self)])
    }

    @Test func `the first good one of the pictures that are taken at once is the look`() async throws {
        let judge = Judge([Self.dark(), Self.dark()])
        let result = try await add(judge, Self.shell(Self.picture + Self.picture + Self.picture) + ["--samples", "1"])
        #expect(result.status == 0 && !result.errors.contains("Too dark"), "\(result)")
        #expect(judge.checked.count == 3 && judge.enrolled == [[judge.checked[2]]])
    }

    @Test func `a camera that shows the very same picture gives no second look`() async throws {
        let judge = Judge()
        let result = try await add(
            judge, Self.shell(#"printf '\377\330\377\332\000\002scan\377\331'"#) + ["--samples", "2"])
        #expect(result.status == 65, "\(result)")
        #expect(
            result.errors.hasSuffix(
                "enroll: 1 of 2 looks were good after 30 captures, mostly “The camera gives the very same picture again”; nothing is enrolled\n"
            ), "\(result.errors)")
        #expect(judge.checked.count == 1 && judge.enrolled.isEmpty)
    }

    @Test func `it gives up after a number of captures, and says what was wrong most often`() async throws {
        let judge = Judge([.noFace(message: "m")] + [ServiceFailure](repeating: Self.dark(), count: 99))
        let result = try await add(judge, Self.shell(Self.picture) + ["--json"])
        #expect(result.status == 65)
        let error = try #require(try result.json()["error"] as? [String: Any])
        #expect(error["name"] as? String == "NoGoodLook")
        #expect(
            (error["message"] as? String)?.contains("0 of 3 looks were good after 30 captures, mostly “Too dark")
                == true)
        // Told once, and not thirty times.
        #expect(result.errors.split(separator: "\n").count == 4, "\(result.errors)")
        #expect(judge.checked.count == 30 && judge.enrolled.isEmpty)
    }

    @Test func `a signer is asked for a signature, whether that is said or known`() async throws {
        for (judge, arguments) in [
            (Judge([.noFace(message: "m")], modality: .signature), ["--modality", "signature"]),
            (Judge([.noFace(message: "m")], known: 2, modality: .signature), []),
        ] {
            let result = try await add(judge, Self.shell(Self.picture) + ["--samples", "2"] + arguments)
            #expect(result.status == 0, "\(result)")
            #expect(
                result.errors.hasPrefix(
                    "Look 1 of 2: Hold a sheet with the signature before the camera.\nNo signature is seen: hold a sheet"
                ),
                "\(result)")
            #expect(!result.errors.lowercased().contains("face"), "\(result)")
        }
    }

    @Test func `who may not enrol, or has no room, is told before the camera is turned on`() async throws {
        let full = try await add(Judge(known: 5), Self.shell("exit 1"))
        #expect(full.status == 73 && full.errors.contains("“alice” has 5 samples already"), "\(full)")
        let some = try await add(Judge(known: 4), Self.shell("exit 1"))
        #expect(some.status == 73 && some.errors.contains("take 1 (--samples 1)"), "\(some)")
        let reserved = try await add(Judge([.reservedName(identity: "alice")]), Self.shell(Self.picture))
        #expect(reserved.status == 77 && reserved.errors.hasSuffix("nothing is enrolled\n"), "\(reserved)")
    }

    @Test func `an enrolment that fails at the end leaves nothing, and says so`() async throws {
        let judge = Judge(refusal: .internal(message: "the disk is full"))
        let result = try await add(judge, Self.shell(Self.picture))
        #expect(result.status == 70 && result.errors.hasSuffix("the disk is full; nothing is enrolled\n"), "\(result)")
    }

    @Test func `where pictures are sent faster than they may be, it waits`() async throws {
        let judge = Judge([.tooManyAttempts(retryAfter: 1, isLockOut: false)])
        let result = try await add(judge, Self.shell(Self.picture) + ["--samples", "1"])
        #expect(result.status == 0 && judge.checked.count == 2, "\(result)")
        let locked = try await add(
            Judge([.tooManyAttempts(retryAfter: 1, isLockOut: true)]), Self.shell(Self.picture))
        #expect(locked.status == 75, "\(locked)")
    }

    // MARK: Commands that do not behave

    @Test(arguments: [
        ("exit 3", "ended with status 3: it said nothing"), ("echo no camera >&2; exit 1", "no camera"),
        ("true", "made no whole picture"), ("cat /dev/urandom", "is neither JPEG nor PNG"),
        (#"printf '\377\330\377\332\000\002'; head -c 1000000000 /dev/zero"#, "made more than 16777216 bytes"),
        (#"printf '\377\330\377\332\000\002scan'"#, "made no whole picture"), ("kill -9 $$", "was ended by signal 9"),
    ])
    func `a command that fails is told with what it did, and nothing is enrolled`(
        _ line: String, _ words: String
    ) async throws {
        let judge = Judge(), begun = ContinuousClock.now
        let result = try await add(judge, Self.shell(line))
        #expect(result.status == 66 && result.errors.contains(words), "\(result)")
        #expect(result.errors.hasSuffix("; nothing is enrolled\n"), "\(result)")
        #expect(judge.checked.isEmpty && judge.enrolled.isEmpty)
        #expect(ContinuousClock.now - begun < .seconds(9))
    }

    @Test func `a program that is not there is told`() async throws {
        let result = try await add(Judge(), ["--capture", "/nowhere/camera"] + Self.user("nobody"))
        #expect(result.status == 66 && result.errors.contains("/nowhere/camera"), "\(result)")
    }

    /// Whether a process runs with a word among its arguments.
    private static func runs(_ word: String) -> Bool {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.contains { process in
            guard Int(process) != nil, let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
            else {
                return false
            }
            return line.split(separator: 0).contains { $0.elementsEqual(word.utf8) }
        }
    }

    /// A number of seconds that nobody else sleeps for.
    private static func rareSeconds() -> String { "9\(UInt32.random(in: 100_000...999_999)).5" }

    @Test func `a command that hangs is ended in time, with what it began`() async throws {
        let seconds = Self.rareSeconds(), begun = ContinuousClock.now
        let result = try await add(
            Judge(), Self.shell("sleep \(seconds) & sleep \(seconds)") + ["--camera-seconds", "1"])
        #expect(result.status == 66 && result.errors.contains("took too long"), "\(result)")
        #expect(ContinuousClock.now - begun < .seconds(10))
        #expect(!Self.runs(seconds))
    }

    @Test func `what a command leaves behind is ended when there are pictures enough`() async throws {
        let seconds = Self.rareSeconds(), judge = Judge()
        let result = try await add(
            judge, Self.shell("sleep \(seconds) & " + Self.picture + Self.picture + Self.picture) + ["--samples", "1"])
        #expect(result.status == 0 && judge.enrolled.count == 1, "\(result)")
        #expect(!Self.runs(seconds))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `an interruption ends the command at once and leaves nothing enrolled`(signal: Int32) async throws {
        let seconds = Self.rareSeconds(), judge = Judge(), folder = try TemporaryFolder()
        try await ScriptedDaemon.run(judge.answer) { socket in
            let program = try RunningProgram(
                Products.program("enroll"),
                ["add", "alice", "--camera", "--json"] + Self.shell(Self.picture + "exec sleep \(seconds)"),
                environment: ["LIKENESS_SOCKET": socket], output: .file(folder.appending("out")), errors: nil,
                limit: .seconds(60))
            while program.isRunning, !Self.runs(seconds) { try await Task.sleep(for: .milliseconds(10)) }
            let begun = ContinuousClock.now
            program.send(signal)
            #expect(try await program.status(within: .seconds(30)) == 130)
            #expect(ContinuousClock.now - begun < .seconds(3))
        }
        #expect(!Self.runs(seconds) && judge.enrolled.isEmpty)
        let told = String(
            decoding: FileManager.default.contents(atPath: folder.appending("out")) ?? Data(), as: UTF8.self)
        #expect(told.contains("\"Interrupted\"") && told.contains("interrupted; nothing is enrolled"), "\(told)")
    }

    @Test func `enroll that is killed takes the command with it`() async throws {
        let seconds = Self.rareSeconds()
        try await ScriptedDaemon.run(Judge().answer) { socket in
            let program = try RunningProgram(
                Products.program("enroll"), ["add", "alice", "--camera"] + Self.shell("exec sleep \(seconds)"),
                environment: ["LIKENESS_SOCKET": socket], output: .nothing, errors: nil, limit: .seconds(60))
            while program.isRunning, !Self.runs(seconds) { try await Task.sleep(for: .milliseconds(10)) }
            try program.kill()
            for _ in 0..<500 where Self.runs(seconds) { try await Task.sleep(for: .milliseconds(10)) }
            #expect(!Self.runs(seconds))
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs root"))
    func `root's command runs as another user, without a terminal, an environment or a file of root's`() async throws {
        let result = try await add(
            Judge(),
            Self.shell(#"echo "$(id -un) $(id -Gn) $(env | grep -c LIKENESS) $(ls /proc/self/fd | wc -l)" >&2; exit 1"#)
        )
        // 0 to 2, and the folder that is listed.
        #expect(result.errors.contains("nobody nogroup 0 4;"), "\(result)")
        let nobody = try await add(Judge(), ["--capture", "/bin/true", "--capture-user", "nobody-there"])
        #expect(nobody.status == 78 && nobody.errors.contains("there is no user “nobody-there”"), "\(nobody)")
    }
}

/// Which command takes the pictures.
@Suite struct CaptureCommandTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func configuration(_ text: String) throws -> String {
        let path = folder.appending("pam.toml")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test(arguments: [
        ("/usr/bin/ffmpeg -i /dev/video0 -", ["/usr/bin/ffmpeg", "-i", "/dev/video0", "-"]),
        ("  /bin/a   b ", ["/bin/a", "b"]), (#"/bin/a "b c\"#, ["/bin/a", #""b"#, #"c\"#]),
        (#"["/bin/a", 'b c', "d\"e"]"#, ["/bin/a", "b c", #"d"e"#]), ("[ '/bin/a',\n 'b' ]", ["/bin/a", "b"]),
    ])
    func `a command is given as words or as the configuration has it, and no shell reads it`(
        _ text: String, _ words: [String]
    ) throws {
        let command = try CaptureCommand(given: text, user: "camera")
        #expect(command.words == words && command.user == "camera" && command.frames == 3 && command.seconds == 10)
    }

    @Test(arguments: ["", "ffmpeg", "[", "[]", #"["relative"]"#, #"["/bin/a" "b"]"#, "/bin/a\n\u{1}"])
    func `what is no command is refused with an example`(_ text: String) {
        #expect {
            try CaptureCommand(given: text, user: nil)
        } throws: { error in
            (error as? CommandFailure)?.status == .usage && "\(error)".contains("--capture '/usr/bin/ffmpeg ")
        }
    }

    @Test func `the module's configuration is read as the module reads it`() throws {
        // Whoever may write to the folders above could put another in its place.
        try #require(chmod(folder.path, 0o700) == 0)
        let path = try configuration(
            """
            capture = ["/usr/bin/v4l2-ctl", "--stream-to=-"] # all of it
            capture_user = "likeness-capture"
            frames = 2
            timeout_seconds = 7
            """)
        let command = try CaptureCommand(configuration: path)
        #expect(command.words == ["/usr/bin/v4l2-ctl", "--stream-to=-"] && command.user == "likeness-capture")
        #expect(command.frames == 2 && command.seconds == 7 && command.picture == nil)
        let file = try CaptureCommand(
            configuration: configuration("picture = \"/run/camera/latest.jpg\"\ncapture_user = \"%u\"\n"))
        #expect(file.words.isEmpty && file.picture == "/run/camera/latest.jpg" && file.user == "%u")
    }

    @Test func `where none is configured, the setting is named with an example`() throws {
        try #require(chmod(folder.path, 0o700) == 0)
        for (text, words) in [
            (nil, "there is no "), ("# all of it is a comment\n", "one of capture and picture is to be set"),
            ("capture = [\"/bin/a\"]\n", "capture_user is to be set"),
            ("captures = 3\n", "line 1: there is no such setting"),
        ] {
            let path = try text.map(configuration) ?? folder.appending("none.toml")
            #expect {
                try CaptureCommand(configuration: path)
            } throws: { error in
                let told = "\(error)"
                return (error as? CommandFailure)?.status == .configuration && told.contains(words)
                    && told.contains("--capture '/usr/bin/ffmpeg ")
                    && told.contains("set capture and capture_user in \(path)")
            }
        }
    }
}
