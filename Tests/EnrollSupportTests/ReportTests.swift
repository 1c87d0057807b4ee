// SPDX-License-Identifier: Apache-2.0

import Biometrics
import EnrollSupport
import Foundation
import LikenessInterface
import Testing

@Suite struct ReportTests {
    private static let times = LocalTime(timeZone: TimeZone(secondsFromGMT: 3600) ?? .gmt)
    private static let dark = WireMeasurement(quantity: "brightness", value: 12.34, minimum: 40)

    private static func decision(
        _ result: WireResult, score: Double = 0.972, threshold: Double = 0.5, distance: Double = 0.3119,
        unacceptable: [WireMeasurement] = []
    ) -> Verify.Reply {
        Verify.Reply(
            identity: "alice", result: result, distance: distance, score: score, threshold: threshold,
            operatingPoint: 1e-3,
            measurements: [dark], unacceptable: unacceptable, message: "said by the daemon", model: "ab12",
            generation: 3)
    }

    @Test func `a verification is one line`() {
        #expect(
            DecisionText.verification(Self.decision(.match))
                == "match, score 0.97, threshold 0.5 (FMR 1e-3), distance 0.31\n")
        #expect(
            DecisionText.verification(Self.decision(.noMatch, score: 0.1, distance: 1))
                == "no match, score 0.1, threshold 0.5 (FMR 1e-3), distance 1\n")
    }

    @Test func `what a threshold lets through is told of impostors and, where it was measured, of forgers`() {
        let reply = Verify.Reply(
            identity: "alice", result: .match, distance: 0.3, score: 0.97, threshold: 0.5, operatingPoint: 1e-3,
            skilledFalseMatchRate: 0.123,
            measurements: [], unacceptable: [], message: "", model: "ab12", generation: 3)
        #expect(
            DecisionText.verification(reply)
                == "match, score 0.97, threshold 0.5 (FMR 1e-3, and 12.3 % of skilled forgeries), distance 0.3\n")
        let without = Verify.Reply(
            identity: "alice", result: .noMatch, distance: nil, score: nil, threshold: nil, operatingPoint: 1e-3,
            skilledFalseMatchRate: 0.05,
            measurements: [], unacceptable: [], message: "", model: "ab12", generation: 3)
        #expect(DecisionText.verification(without) == "no match, at FMR 1e-3, and 5 % of skilled forgeries\n")
        let model = WireModel(
            digest: "0123456789abcdef", name: "signs", version: "1", modality: .signature, embeddingSize: 128,
            calibrationSet: "some",
            operatingPoints: [
                WireOperatingPoint(
                    falseMatchRate: 1e-2, threshold: nil, upperBound: 0.0123, skilledFalseMatchRate: 0.4),
                WireOperatingPoint(
                    falseMatchRate: 1e-3, threshold: nil, upperBound: 0.0013, skilledFalseMatchRate: 0.21),
            ],
            operatingPoint: 1e-3)
        let text = StatusText.text(Self.status(models: [model]), socket: "s")
        #expect(
            text.contains(
                "  lets through   FMR 1e-3, and 21 % of skilled forgeries, unless a caller names another rate\n"))
        #expect(text.contains("  1e-2  1.23e-2                            40 %\n"))
    }

    @Test func `what is inconclusive says why`() {
        #expect(
            DecisionText.verification(Self.decision(.inconclusive, unacceptable: [Self.dark])) == """
                inconclusive, score 0.97, threshold 0.5 (FMR 1e-3), distance 0.31
                  the face is too dark: brightness 12.34, and at least 40 is needed; add light

                """)
        #expect(DecisionText.verification(Self.decision(.inconclusive)).hasSuffix("  said by the daemon\n"))
    }

    @Test func `rounding never hides on which side of the threshold a score is`() {
        let below = DecisionText.verification(Self.decision(.noMatch, score: 0.49996))
        #expect(below == "no match, score 0.49996, threshold 0.5 (FMR 1e-3), distance 0.31\n")
        #expect(DecisionText.verification(Self.decision(.match, score: 0.9996)).contains("score 0.9996,"))
    }

    @Test func `a verification as JSON is the wire's reply`() throws {
        #expect(
            try JSONText.line(Self.decision(.match)) == """
                {"distance":0.3119,"generation":3,"identity":"alice","measurements":[{"minimum":40,"quantity":"brightness","value":12.34}],"message":"said by the daemon","model":"ab12","operating_point":0.001,"result":"match","score":0.972,"threshold":0.5,"unacceptable":[]}

                """)
    }

    private static func identification(_ result: WireResult, _ candidates: [WireCandidate]) -> Identify.Reply {
        Identify.Reply(
            result: result, candidates: candidates, threshold: 0.5, operatingPoint: 1e-4, measurements: [],
            unacceptable: result == .inconclusive ? [dark] : [], message: "", model: "ab12", generation: 3)
    }

    private static let candidates = [
        WireCandidate(identity: "李\u{1B}", distance: 0.31, score: 0.97),
        WireCandidate(identity: "bob", distance: 0.9, score: 0.12),
    ]

    @Test func `an identification names who it is, and lists the nearest`() {
        #expect(
            DecisionText.identification(Self.identification(.match, Self.candidates)) == """
                match: 李\\u{1B}, score 0.97, threshold 0.5 (FMR 1e-4), distance 0.31

                NEAREST   ACCEPTED  SCORE  DISTANCE
                李\\u{1B}  yes       0.97   0.31
                bob       no        0.12   0.9

                """)
    }

    @Test func `faces of a group are told in rows, and what was not compared says why`() {
        func face(_ result: WireResult, _ nearest: WireCandidate?, _ message: String) -> WireIdentifiedFace {
            WireIdentifiedFace(
                box: WireBox(left: 5, top: 6.6, width: 80, height: 90), result: result, nearest: nearest,
                measurements: [], unacceptable: [], message: message)
        }
        let faces = [
            face(.match, Self.candidates[0], "m"), face(.noMatch, Self.candidates[1], "m"),
            face(.inconclusive, nil, "not compared: \u{1B}"),
        ]
        let reply = IdentifyAll.Reply(
            width: 640, height: 480, found: 40, faces: faces, threshold: 0.5, operatingPoint: 1e-4,
            falsePositiveIdentification: WireIdentificationRate(rate: 2e-3, upperBound: 6e-3, references: 20),
            model: "ab12", generation: 3)
        #expect(
            GroupText.identification(reply) == """
                match: 1 of 40 faces known, of which the 3 largest are asked for, threshold 0.5 (FMR 1e-4)
                  a stranger is taken for somebody: FPIR 2e-3, with 95 % confidence at most 6e-3, among 20 references

                FACE  PLACE          RESULT        NEAREST   ACCEPTED  SCORE  DISTANCE
                1     80×90 at 5, 7  match         李\\u{1B}  yes       0.97   0.31
                2     80×90 at 5, 7  no match      bob       no        0.12   0.9
                3     80×90 at 5, 7  inconclusive
                  face 3: not compared: \\u{1B}

                """)
        let plain = IdentifyAll.Reply(
            width: 640, height: 480, found: 1,
            faces: [face(.match, WireCandidate(identity: "bob"), "m")], threshold: nil, operatingPoint: 1e-4,
            falsePositiveIdentification: nil, model: "ab12", generation: 3)
        #expect(
            GroupText.identification(plain) == """
                match: 1 of 1 face known, at FMR 1e-4

                FACE  PLACE          RESULT  NEAREST
                1     80×90 at 5, 7  match   bob

                """)
    }

    @Test func `a box that is larger than any picture is told`() {
        let reply = IdentifyAll.Reply(
            width: 640, height: 480, found: 1,
            faces: [
                WireIdentifiedFace(
                    box: WireBox(left: -1e300, top: 0, width: 1e300, height: 3), result: .noMatch, nearest: nil,
                    measurements: [], unacceptable: [], message: "")
            ], threshold: nil, operatingPoint: 1e-4, falsePositiveIdentification: nil, model: "ab12", generation: 3)
        #expect(GroupText.identification(reply).contains("1e+300×3 at -1e+300, 0"))
    }

    @Test func `an unknown person is not given the nearest name`() {
        #expect(
            DecisionText.identification(Self.identification(.noMatch, [Self.candidates[1]])) == """
                no match: nobody known, score 0.12, threshold 0.5 (FMR 1e-4)

                NEAREST  ACCEPTED  SCORE  DISTANCE
                bob      no        0.12   0.9

                """)
        #expect(
            DecisionText.identification(Self.identification(.noMatch, []))
                == "no match: nobody known, threshold 0.5 (FMR 1e-4)\n")
        #expect(
            DecisionText.identification(Self.identification(.inconclusive, Self.candidates)).contains("李\\u{1B}  no"))
    }

    @Test func `a list is a table, and says when nobody is in it`() {
        let identities = [
            WireIdentity(name: "alice", modality: .face, samples: 3, enrolled: 0, updated: 1_769_860_800),
            WireIdentity(name: "山田", modality: .signature, samples: 12, enrolled: 86_400, updated: Int.max),
        ]
        #expect(
            IdentityText.list(identities, times: Self.times) == """
                NAME   MODALITY   SAMPLES  ENROLLED                   UPDATED
                alice  face             3  1970-01-01T01:00:00+01:00  2026-01-31T13:00:00+01:00
                山田   signature       12  1970-01-02T01:00:00+01:00  9223372036854775807 s

                """)
        #expect(IdentityText.list([]) == "nobody is enrolled; enroll add NAME PHOTO… enrols a person\n")
    }

    @Test func `an identity is shown sample by sample`() {
        let reply = Describe.Reply(
            identity: WireIdentity(name: "alice", modality: .face, samples: 1, enrolled: 0, updated: 60),
            samples: [
                WireSample(
                    number: 2, enrolled: 60, width: 150, height: 150,
                    measurements: [
                        WireMeasurement(quantity: "face_size", value: 80),
                        WireMeasurement(quantity: "sharpness", value: 12.345),
                    ])
            ],
            model: "0123456789abcdef")
        #expect(
            IdentityText.description(reply, times: Self.times) == """
                alice
                  modality  face
                  samples   1
                  enrolled  1970-01-01T01:00:00+01:00
                  updated   1970-01-01T01:01:00+01:00
                  model     0123456789ab

                SAMPLE  ENROLLED                   SIZE     MEASURED
                     2  1970-01-01T01:01:00+01:00  150×150  face size 80, sharpness 12.35

                """)
    }

    @Test func `a removal says what is left`() {
        #expect(
            IdentityText.removal(identity: "alice", sample: 2, Remove.Reply(removed: 1, remaining: 2))
                == "sample 2 of alice is removed; 2 samples left\n")
        #expect(
            IdentityText.removal(identity: "alice", sample: nil, Remove.Reply(removed: 3, remaining: 0))
                == "alice is removed, with 3 samples\n")
        #expect(
            IdentityText.removal(identity: "alice", sample: 1, Remove.Reply(removed: 1, remaining: 0))
                == "alice is removed, with 1 sample\n")
    }

    private static func status(
        models: [WireModel], faceCover: String? = nil, encrypted: Bool = false, key: String? = nil,
        rotation: String? = nil
    ) -> Status.Reply {
        Status.Reply(
            version: "0.1.0", state: .running, uptimeSeconds: 93_784, models: models, faceCover: faceCover,
            identities: 1, samples: 3,
            gallery: "/var/lib/likeness/gallery.sqlite", encrypted: encrypted, galleryKey: key, rotation: rotation,
            workers: 2, queueLength: 0, queueLimit: 64,
            requests: 17, refusedBusy: 0, residentBytes: 101 << 20)
    }

    @Test func `the status tells state, gallery, protection, load and thresholds`() {
        let model = WireModel(
            digest: "0123456789abcdef", name: "dlib-resnet-v1", version: "1", modality: .face, embeddingSize: 128,
            calibrationSet: "some faces",
            operatingPoints: [
                WireOperatingPoint(falseMatchRate: 1e-2, threshold: 0.42, upperBound: 0.0123),
                WireOperatingPoint(falseMatchRate: 1e-4, threshold: 0.6, upperBound: 0.000305),
            ])
        #expect(
            StatusText.text(Self.status(models: [model]), socket: "/run/likeness/likeness.sock") == """
                likenessd 0.1.0 is running, for 1 day 2 hours
                  socket      /run/likeness/likeness.sock
                  gallery     /var/lib/likeness/gallery.sqlite
                  encryption  none: whoever can read the gallery's file can read what is enrolled
                  enrolled    1 identity, 3 samples
                  workers     2; 0 of at most 64 requests are waiting
                  requests    17 answered, 0 refused as busy
                  memory      101 MiB
                  face cover  not measured: masks and dark glasses pass; either models.face_cover in the daemon's configuration is “none”, or there is no face-cover network: import one (enroll model import package models/face-cover) and reload the daemon

                model dlib-resnet-v1 1 (face, digest 0123456789ab)
                  embedding      128 numbers
                  calibrated on  some faces
                  FMR   THRESHOLD  FMR AT MOST, WITH 95 % CONFIDENCE
                  1e-2  0.42       1.23e-2
                  1e-4  0.6        3.05e-4

                """)
        let covered = StatusText.text(Self.status(models: [model], faceCover: "covers 1"), socket: "s")
        #expect(covered.contains("  face cover  measured by covers 1\n"))
        #expect(StatusText.text(Self.status(models: [], encrypted: true), socket: "s").contains("encrypted on disk"))
        #expect(StatusText.text(Self.status(models: []), socket: "s").contains("no model is loaded"))
        let rotating = StatusText.text(
            Self.status(models: [], encrypted: true, key: "1a2b", rotation: "face, 3 of 9 samples"), socket: "s")
        #expect(rotating.contains("encrypted on disk, with the key 1a2b\n"))
        #expect(rotating.contains("  rotation    face, 3 of 9 samples\n"))
    }
}
