// SPDX-License-Identifier: Apache-2.0

import Biometrics
import EnrollSupport
import LikenessInterface
import Recognition
import Testing
import Varlink

@Suite struct FailureTests {
    private static let ownFailures: [(ServiceFailure, CommandStatus)] = [
        (.noSuchIdentity(identity: "alice"), .notEnrolled),
        (.noSuchSample(identity: "alice", sample: 3), .notEnrolled),
        (.noUsableSample(identity: "alice", message: "m"), .notEnrolled),
        (.tooManySamples(identity: "alice", limit: 5), .cannotCreate),
        (.lastSample(identity: "alice", sample: 1), .usage),
        (.invalidName(message: "m"), .usage),
        (.imageRejected(cause: "truncated", message: "m"), .badData),
        (.noFace(message: "m"), .badData),
        (.severalFaces(count: 2), .badData),
        (.lowQuality(unacceptable: [WireMeasurement(quantity: "brightness", value: 12, minimum: 40)]), .badData),
        (.modalityMismatch(identity: "alice", message: "m"), .badData),
        (.modalityMismatch(identity: nil, message: "m"), .configuration),
        (.noSuchOperatingPoint(asked: 0.5, available: [0.01]), .usage),
        (.noSuchIdentificationRate(asked: 1e-3, references: 50, available: [0.4]), .usage),
        (.busy(limit: 32), .tryAgain),
        (.internal(message: "m"), .internalError),
        (.noSuchModel(message: "m"), .configuration),
        (.rotationImpossible(identities: ["alice"], count: 1, message: "m"), .configuration),
        (.rotationRunning(message: "m"), .tryAgain),
        (.noRotation, .notEnrolled),
        (.rotationRefused(report: Sample.report(), message: "m"), .configuration),
        (.nothingToRollBack(message: "m"), .notEnrolled),
        (.identityExists(identity: "alice"), .cannotCreate),
        (.noUsableEmbedding(identity: "alice", message: "m"), .badData),
        (.galleryDamaged(message: "m"), .badData),
        (.notSupported(message: "m"), .configuration),
    ]

    @Test func `a network that answers what is no number is an error of the data`() {
        let failure = CommandFailure(RecognitionError.embeddingUnusable("it holds a value that is no number"))
        #expect(failure.status == .badData && failure.message.contains("--mean"))
    }

    @Test(arguments: ownFailures)
    func `an error of the daemon has its status, its name, its words and its parameters`(
        _ failure: ServiceFailure, _ status: CommandStatus
    ) throws {
        let error = CommandFailure(try VarlinkError(name: failure.name, encoding: failure))
        #expect(error.status == status)
        #expect(error.name == failure.name)
        let remedy =
            failure.name.hasSuffix(".NoSuchIdentificationRate") ? "; ask for one of these or more (--fpir)" : ""
        #expect(error.message == failure.description + remedy)
        #expect(error.parameters["message"] == nil)
    }

    @Test func `a daemon whose model has no rates is not said to have some`() throws {
        for available in [[], [1, 1]] as [[Double]] {
            let failure = ServiceFailure.noSuchIdentificationRate(asked: 1e-3, references: 50, available: available)
            #expect(failure.description.hasSuffix("its thresholds keep: none below 1"))
            #expect(
                CommandFailure(try VarlinkError(name: failure.name, encoding: failure)).message == failure.description)
        }
    }

    @Test func `rates are written by their power of ten, and as they can be given back`() {
        #expect(
            "\(ServiceFailure.noSuchOperatingPoint(asked: 1e-7, available: [1e-2, 0.0012345, 7.7e-5]))"
                == "the model has no threshold for a false-match rate of 1e-7; it has: 1e-2, 1.2345e-3, 7.7e-5")
    }

    @Test func `a denied permission names the grant for each option that needs one`() {
        let message = CommandFailure(VarlinkError.permissionDenied).message
        for word in ["verify = ", "enrol = ", "admin = ", "score = ", "--fmr", "--fpir"] {
            #expect(message.contains(word), "\(word)")
        }
    }

    @Test func `every error that the interfaces declare has a status of its own`() {
        for (interface, text) in [
            (InterfaceNames.verification, InterfaceDescriptions.verification),
            (InterfaceNames.admin, InterfaceDescriptions.admin),
        ] {
            let names = text.split(separator: "\n").filter { $0.hasPrefix("error ") }.map {
                $0.split(separator: " ")[1]
            }
            #expect(!names.isEmpty)
            for name in names {
                #expect(CommandFailure(VarlinkError(name: "\(interface).\(name)")).status != .protocolError, "\(name)")
            }
        }
    }

    @Test(arguments: [
        (VarlinkError.permissionDenied, CommandStatus.noPermission),
        (.invalidParameter("limit"), .usage), (.invalidParameter("image"), .protocolError),
        (.methodNotFound("x"), .protocolError), (.methodNotImplemented("x"), .protocolError),
        (.interfaceNotFound("x"), .protocolError), (.expectedMore, .protocolError),
        (VarlinkError(name: "org.example.Strange"), .protocolError),
    ])
    func `an error of the protocol has a status and says what to do`(_ error: VarlinkError, _ status: CommandStatus) {
        #expect(CommandFailure(error).status == status)
        #expect(CommandFailure(error).message.hasPrefix("the daemon "))
    }

    @Test func `a denial says how to get the role that the method takes, and no other`() {
        let monitor = CommandFailure(VarlinkError.permissionDenied, calling: .monitor)
        #expect(monitor.status == .noPermission && monitor.message.contains("monitor = ["))
        #expect(!monitor.message.contains("admin = [") && !monitor.message.contains("enrol = ["))
        #expect(CommandFailure(VarlinkError.permissionDenied, calling: .verifySelf).message.contains("verify_self = ["))
        let other = VarlinkError(name: "io.likeness.Verification.Busy", parameters: ["message": .string("full")])
        #expect(CommandFailure(other, calling: .verify) == CommandFailure(other))
    }

    @Test func `a picture that is refused is said to be read as what nobody said that it is`() throws {
        func refused(_ failure: ServiceFailure) throws -> String {
            let error = try VarlinkError(name: failure.name, encoding: failure)
            return EnrollmentRun.telling(modalityOf: CommandFailure(error)).message
        }
        func measured(_ quantity: QualityMeasurement.Quantity) -> ServiceFailure {
            .lowQuality(unacceptable: [WireMeasurement(QualityMeasurement(quantity, 0.5, maximum: 0.1))])
        }
        #expect(try refused(.noFace(message: "none")).hasSuffix("; for a signature, add --modality signature"))
        #expect(try refused(measured(.halfTones)).contains("--modality face"))
        #expect(try !refused(measured(.sharpness)).contains("--modality"))
        #expect(try !refused(.noSuchIdentity(identity: "x")).contains("--modality"))
    }

    @Test func `no reply at all has a status`() {
        #expect(CommandFailure(VarlinkClientError.cannotConnect(path: "/s", reason: "r")).status == .unavailable)
        #expect(CommandFailure(VarlinkClientError.connectionClosed).status == .unavailable)
        #expect(CommandFailure(VarlinkClientError.badReply("r")).status == .protocolError)
        struct Unforeseen: Error {}
        #expect(CommandFailure(Unforeseen()).status == .internalError)
    }

    @Test(arguments: [
        (ModelPackageError.unreadable(path: "p", reason: "r"), CommandStatus.noInput),
        (.unwritable(path: "p", reason: "r"), .cannotCreate), (.noSuchModel(name: "n", reason: "r"), .configuration),
        (.digestMismatch(file: "f", expected: "a", found: "b"), .configuration),
        (.notCalibrated(name: "n"), .configuration),
    ])
    func `an error of a model has a status and its own words`(_ error: ModelPackageError, _ status: CommandStatus) {
        #expect(CommandFailure(error).status == status)
        #expect(CommandFailure(error as any Error) == CommandFailure(error))
        #expect(CommandFailure(error).message == error.description)
    }

    @Test func `a failure is one line, whatever is in its words`() {
        let failure = CommandFailure(.badData, name: "N", message: "a\nb\u{1B}c").about("photo")
        #expect(failure.line == "enroll: photo: a b\\u{1B}c\n")
        let file = CommandFailure(.badData, name: "N", message: "why").about(EscapedBytes.printable("a\nenroll: b"))
        #expect(file.line == "enroll: a\\nenroll: b: why\n")
    }

    @Test func `a failure as JSON has a name, words, parameters and status`() throws {
        let error = CommandFailure(
            VarlinkError(
                name: "io.likeness.Verification.SeveralFaces",
                parameters: ["count": .int(2), "message": .string("the image shows 2 faces \u{9B}\u{7F}")]))
        #expect(
            try JSONText.line(FailureReport(error)) == #"""
                {"error":{"exit_status":65,"message":"the image shows 2 faces \u009b\u007f","name":"io.likeness.Verification.SeveralFaces","parameters":{"count":2}}}

                """#)
    }

    @Test func `the statuses are those of sysexits, each told in a line`() {
        #expect(
            CommandStatus.table == """
                    0  match, or done
                    1  no match
                    2  inconclusive: the probe's quality supports no decision
                    3  doctor found warnings, and no problem
                    4  doctor found a problem
                   64  wrong usage: an argument, a name, or a rate without a threshold
                   65  bad data: not one good face or signature, or a damaged file or gallery
                   66  an input file, or the picture of a camera, is missing or cannot be read
                   67  no such identity, sample, rotation or generation
                   69  the daemon cannot be reached or went away
                   70  something failed that should not
                   73  an output file, or one more sample or identity, cannot be made
                   74  reading or writing failed
                   75  the daemon is busy or did not answer in time: try again
                   76  the daemon's answer is not understood
                   77  permission denied, or a daemon that is not to be trusted
                   78  a model, or the configuration, is missing, damaged or not fit for this
                  130  interrupted or cancelled; what was done until then is told, or kept
                """)
        #expect(CommandStatus.table.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
}
