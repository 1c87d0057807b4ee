// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import Testing

/// The types in Swift have the fields that the interface description gives them.
@Suite struct AdminTypesTests {
    private static let model = WireModelIdentity(
        digest: "ab", name: "m", version: "1", modality: .face, embeddingSize: 128)
    private static let generation = WireGeneration(
        id: 1, model: model, state: .active, created: 0, samples: 3, refused: 0)
    private static let separation = WireSeparation(
        genuinePairs: 1, impostorPairs: 2, equalErrorRate: 0.1, lower: 0.05, upper: 0.2)
    private static let refusal = WireRefusal(identity: "alice", sample: 2, reason: "r")
    private static let disagreement = WireDisagreement(identity: "alice", sample: 2, distance: 1.5, threshold: 0.9)
    private static let report = WireRotationReport(
        samples: 2, embedded: 1, refused: 1, refusals: [refusal], before: separation, after: separation, disagreeing: 1,
        disagreements: [disagreement], equalErrorRateRise: 0.01, maxDrop: 0.01, acceptable: true, objections: [])
    private static let rotation = WireRotation(
        modality: .face, from: model, to: model, dryRun: false, phase: .embedding, done: 1, total: 2, secondsLeft: 1.5,
        message: "m", report: report, resumed: false)
    private static let entry = WireAuditEntry(
        number: 1, time: 0, action: "enrol", user: 0, process: 1, executable: "/usr/bin/enroll", identity: "alice",
        identityHash: "ab", sample: 1, otherIdentity: "bob", otherHash: "cd", otherSample: 2, model: "ab", result: "ok")
    private static let damage = WireDamage(kind: .sample, what: "w", identity: "alice", sample: 1)
    private static let embedding = WireExportedEmbedding(model: "ab", numbers: [1])
    private static let sample = WireExportedSample(
        number: 1, enrolled: 0, image: "", kind: .crop, width: 1, height: 1, original: "ab",
        measurements: [WireMeasurement(quantity: "ink", value: 1, minimum: 0, maximum: 2)], embeddings: [embedding])
    private static let identity = WireExportedIdentity(
        name: "alice", modality: .face, enrolled: 0, updated: 0, samples: [sample])

    private static let box = WireBox(left: 1, top: 2, width: 3, height: 4)
    private static let face = WireFace(
        box: box, landmarks: [WirePoint(x: 1, y: 2)], landmarkLayout: "eyes-nose-mouth", measurements: [],
        complaints: ["c"])
    private static let identified = WireIdentifiedFace(
        box: box, result: .match, nearest: WireCandidate(identity: "alice", distance: 1, score: 0.5), measurements: [],
        unacceptable: [], message: "m")
    private static let measured = WireMeasuredPicture(measurements: [], unacceptable: [])
    private static let rate = WireIdentificationRate(rate: 0.1, upperBound: 0.2, references: 3)

    private static let verified = Verify.Reply(
        identity: "alice", result: .match, distance: 1, score: 0.5, threshold: 0.5, operatingPoint: 0.1,
        skilledFalseMatchRate: 0.1, measurements: [], unacceptable: [], message: "m", model: "ab", generation: 1)

    private static let newSample = WireNewSample(sample: 1, measurements: [], warnings: [])

    private static let types: [(String, any Codable & Sendable)] = [
        ("type ModelIdentity", model), ("type Generation", generation), ("type Separation", separation),
        ("type Refusal", refusal),
        ("type Disagreement", disagreement), ("type RotationReport", report), ("type Rotation", rotation),
        ("type AuditEntry", entry), ("type Damage", damage), ("type ExportedEmbedding", embedding),
        ("type ExportedSample", sample), ("type ExportedIdentity", identity),
        ("method RotateModel", RotateModel(model: "m", dryRun: true, maxDrop: 0)),
        ("method Rollback", Rollback(modality: .face)),
        ("method PruneGenerations", PruneGenerations(modality: .face)),
        ("method Audit", Audit(after: 1, limit: 1, identity: "alice", newestFirst: true)),
        (
            "method ImportIdentity",
            ImportIdentity(identity: identity, replace: true, skipExisting: true)
        ),
        ("-> ListGenerations", ListGenerations.Reply(generations: [generation])),
        ("-> RotateModel", RotateModel.Reply(rotation: rotation)),
        ("-> RotationStatus", RotationStatus.Reply(rotation: rotation, generations: [])),
        ("-> CancelRotation", CancelRotation.Reply(rotation: rotation)),
        ("-> Rollback", Rollback.Reply(active: generation, previous: generation)),
        ("-> PruneGenerations", PruneGenerations.Reply(generations: 1, embeddings: 2)),
        ("-> Audit", Audit.Reply(entries: [entry])),
        ("-> VerifyAudit", VerifyAudit.Reply(entries: 1, first: 1, last: 1, intact: false, problem: "p")),
        ("-> CheckGallery", CheckGallery.Reply(done: 1, total: 1, damaged: 1, damage: [damage])),
        ("-> RepairGallery", RepairGallery.Reply(done: 1, total: 1, removed: 1, damage: [damage])),
        ("-> Backup", Backup.Reply(chunk: "", offset: 0, total: 0, sha256: "ab")),
        ("-> ExportGallery", ExportGallery.Reply(identity: identity, done: 1, total: 1, damage: [])),
        ("-> ImportIdentity", ImportIdentity.Reply(result: .imported, reembedded: 0)),
        ("-> Rekey", Rekey.Reply(done: 1, total: 1, key: "k")),
        ("type Box", box), ("type Point", WirePoint(x: 1, y: 2)), ("type Face", face),
        ("type IdentifiedFace", identified), ("type MeasuredPicture", measured), ("type IdentificationRate", rate),
        (
            "method Identify",
            Identify(
                image: "", modality: .face, operatingPoint: 0.1, identificationRate: 0.1, limit: 1, largest: true,
                user: 1)
        ),
        (
            "method VerifyFrames",
            VerifyFrames(identity: "alice", images: [""], operatingPoint: 0.1, largest: true, user: 1)
        ),
        ("-> VerifyFrames", VerifyFrames.Reply(verified, modality: .face, frame: 1)),
        ("method EnrollSamples", EnrollSamples(identity: "alice", images: [""], modality: .face, largest: true)),
        ("-> EnrollSamples", EnrollSamples.Reply(identity: "alice", enrolled: [newSample], samples: 1, model: "ab")),
        ("type NewSample", newSample),
        ("method CheckSample", CheckSample(identity: "alice", image: "", modality: .face, largest: true)),
        ("-> CheckSample", CheckSample.Reply(modality: .face, measurements: [], model: "ab")),
        ("method MoveSample", MoveSample(identity: "alice", sample: 1, to: "bob", create: true, last: true)),
        (
            "-> MoveSample",
            MoveSample.Reply(identity: "bob", sample: 1, samples: 1, remaining: 0, created: true, warnings: [])
        ),
        ("method IdentifyAll", IdentifyAll(image: "", operatingPoint: 0.1, identificationRate: 0.1, user: 1)),
        ("method Detect", Detect(image: "", user: 1)),
        (
            "method Compare",
            Compare(first: "", second: "", modality: .face, operatingPoint: 0.1, largest: true, user: 1)
        ),
        (
            "-> Identify",
            Identify.Reply(
                result: .match, candidates: [], threshold: 0.5, operatingPoint: 0.1, skilledFalseMatchRate: 0.1,
                falsePositiveIdentification: rate, measurements: [], unacceptable: [], message: "", model: "ab",
                generation: 1)
        ),
        (
            "-> IdentifyAll",
            IdentifyAll.Reply(
                width: 1, height: 1, found: 1, faces: [identified], threshold: 0.5, operatingPoint: 0.1,
                falsePositiveIdentification: rate, model: "ab", generation: 1)
        ),
        (
            "-> Detect",
            Detect.Reply(width: 1, height: 1, found: 1, refusal: "r", faces: [face], model: "ab")
        ),
        (
            "-> Compare",
            Compare.Reply(
                result: .match, distance: 1, score: 0.5, threshold: 0.5, operatingPoint: 0.1,
                skilledFalseMatchRate: 0.1, first: measured, second: measured, message: "", model: "ab")
        ),
    ]

    @Test(arguments: types.indices)
    func `a type has the fields of its declaration, and reads what it writes`(_ index: Int) throws {
        let (declaration, value) = Self.types[index]
        let encoded = try JSONEncoder().encode(value)
        let object = try #require(try JSONSerialization.jsonObject(with: encoded) as? [String: Any])
        #expect(Set(object.keys) == Set(try #require(Self.fields(of: declaration))), "\(declaration)")
        #expect(try Self.again(value, from: encoded) == Self.sorted(value))
    }

    private static func again<Value: Codable>(_ value: Value, from encoded: Data) throws -> Data {
        try sorted(try JSONDecoder().decode(Value.self, from: encoded))
    }

    private static func sorted(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(value)
    }

    /// The names of the fields in the parentheses after `type Name` or `method Name`, or after the arrow of a method.
    private static func fields(of declaration: String) -> [String]? {
        let plain = (InterfaceDescriptions.admin + InterfaceDescriptions.verification).split(separator: "\n")
            .filter { !$0.drop { $0 == " " }.hasPrefix("#") }.joined(separator: " ")
        let isReply = declaration.hasPrefix("-> ")
        let start = isReply ? declaration.replacing("-> ", with: "method ") : declaration
        guard
            var rest = plain.range(of: start + " (").map({ plain[$0.upperBound...] })
                ?? plain.range(of: start + "(").map({ plain[$0.upperBound...] })
        else { return nil }
        if isReply {
            guard let arrow = rest.range(of: "-> (") else { return nil }
            rest = rest[arrow.upperBound...]
        }
        var depth = 1
        var text = ""
        for character in rest {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if depth == 0 { break }
            if depth == 1 { text.append(character) }
        }
        return text.split(separator: ",").compactMap {
            $0.split(separator: ":").first?.trimmingCharacters(in: .whitespaces)
        }
    }
}
