// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import ProgramHarness

/// Operations as they come, by a seed: most of them possible, some not.
struct RandomOperations {
    var random: SeededGenerator
    private let names: [IdentityName]
    /// Three for faces, of which two are one under two names, and two for signatures.
    private let models: [ModelDescription]
    /// Of the samples embedded last.
    private var embedded = Modality.face
    private let actors = [
        nil, AuditActor(user: 0, process: 1), AuditActor(user: 1000, process: 4242, executable: "/usr/bin/enroll"),
    ]

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        names =
            try (0..<20).map { try IdentityName("person \($0)") }
            + ["Zo\u{E9}", "Zoe\u{301}", "李", "o'brien \"x\" ; --"].map { try IdentityName($0) }
        models = try [
            (1, "first", Modality.face, 3), (1, "renamed", .face, 3), (2, "second", .face, 2), (3, "third", .face, 3),
            (4, "pen", .signature, 3), (5, "quill", .signature, 1),
        ].map { number, name, modality, size in
            guard let digest = ModelDigest(bytes: [UInt8](repeating: UInt8(number), count: 32)) else {
                throw FixtureError()
            }
            return ModelDescription(digest: digest, modality: modality, name: name, version: "1", embeddingSize: size)
        }
    }

    private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    private mutating func one<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    /// - Parameter oracle: what there is, so that most operations have something to work on.
    mutating func next(on oracle: OracleGallery) -> GalleryOperation {
        let actor = one(actors)
        switch below(116) {
        case ..<34: return enrollment(on: oracle, by: actor)
        case ..<38: return .remove(name(on: oracle), by: actor)
        case ..<47: return .removeSample(1 + below(8), of: name(on: oracle), by: actor)
        case ..<49: return .list
        case ..<53: return .details(name(on: oracle))
        case ..<56: return .image(SampleReference(identity: name(on: oracle), number: 1 + below(6)))
        case ..<57: return .embeddings(one(Modality.allCases))
        case ..<59: return .activate(one(models))
        case ..<66: return beginning(on: oracle, by: actor)
        case ..<75: return embedding(on: oracle)
        case ..<77:
            return .embedAgain(
                oracle.generations.filter { $0.model.modality == embedded }.randomElement(using: &random)?.id ?? 0)
        case ..<82: return .activateGeneration(generation(on: oracle), by: actor)
        case ..<83: return .abandon(generation(on: oracle), by: actor)
        case ..<84: return .prune(one([nil, .face, .signature]), by: actor)
        case ..<87: return .record((0..<below(4)).map { _ in event(by: actor) })
        case ..<91:
            return .trail(
                AuditQuery(
                    identity: chance(50) ? one(names) : nil,
                    after: chance(50) ? Int64(below(Int(oracle.firstEntry) + 200)) : nil, limit: below(30),
                    newestFirst: chance(50)))
        case ..<93:
            return .trim(
                AuditRetention(
                    age: chance(30) ? TimeInterval(below(4000)) : nil, entries: chance(80) ? below(150) : nil))
        case ..<98: return .put(name(on: oracle), as: one(names), replacing: chance(50), by: actor)
        case ..<99: return .rekey(by: actor)
        case ..<103: return failures(at: oracle.now)
        case ..<104:
            return .unlock(chance(80) ? UInt32(1000 + below(4)) : nil, chance(70) ? one(names) : nil, by: actor)
        case ..<105: return .trimAttempts(oracle.now.addingTimeInterval(Double(-below(10_000))))
        case ..<112:
            let name = name(on: oracle), numbers = oracle.identities[name]?.samples.map(\.sample.number) ?? []
            return .move(
                chance(85) && !numbers.isEmpty ? one(numbers) : 1 + below(8), of: name, to: one(names),
                SampleMove.Permissions(rawValue: below(4)), by: actor)
        case ..<115: return together(on: oracle, by: actor)
        default: return .repair(by: actor)
        }
    }

    private mutating func name(on oracle: OracleGallery) -> IdentityName {
        chance(85)
            ? oracle.identities.keys.sorted { $0.text < $1.text }.randomElement(using: &random) ?? one(names)
            : one(names)
    }

    private mutating func generation(on oracle: OracleGallery) -> Int64 {
        let building = oracle.generations.filter { $0.state == .building }.map(\.id)
        return chance(80)
            ? building.randomElement(using: &random) ?? oracle.nextGeneration
            : Int64(below(Int(oracle.nextGeneration) + 2))
    }

    /// Most of the time one that is possible where the images are kept.
    private mutating func beginning(on oracle: OracleGallery, by actor: AuditActor?) -> GalleryOperation {
        let rotation = one([Generation.Purpose.rotation(maximumDrop: 0.25), .trial(maximumDrop: 0.5)])
        guard chance(80) else { return .begin(one(models), one([rotation, .rollback]), by: actor) }
        let others = oracle.generations
        if chance(50), let retired = others.filter({ $0.state == .retired }).randomElement(using: &random) {
            return .begin(retired.model, .rollback, by: actor)
        }
        let free = models.filter { model in
            !others.contains {
                $0.model.modality == model.modality && ($0.state == .building || $0.model.digest == model.digest)
            }
        }
        return .begin(free.randomElement(using: &random) ?? one(models), rotation, by: actor)
    }

    private mutating func failures(at time: Date) -> GalleryOperation {
        let caller = UInt32(1000 + below(4)), end = chance(30) ? time.addingTimeInterval(Double(below(5000))) : nil
        var keys: [AttemptKey] = []
        for _ in 0...below(3) {
            let key = AttemptKey(caller: caller, identity: chance(70) ? one(names) : nil)
            if !keys.contains(key) { keys.append(key) }
        }
        return .fail(keys, at: time, blockedUntil: end)
    }

    private mutating func event(by actor: AuditActor?) -> AuditEvent {
        AuditEvent(
            one([.verify, .identify, .backup]), by: actor, identity: chance(70) ? one(names) : nil,
            sample: chance(30) ? below(9) : nil,
            model: chance(50) ? one(models).digest : nil, result: chance(50) ? one(["match", "", "no “match”\n"]) : nil)
    }

    private mutating func embedding(on oracle: OracleGallery) -> GalleryOperation {
        let id = generation(on: oracle), generation = oracle.generations.first { $0.id == id }
        embedded = generation?.model.modality ?? embedded
        let model = chance(95) ? generation?.model ?? one(models) : one(models)
        return .embed(id, limit: 1 + below(150), by: model, refuses: chance(20))
    }

    private mutating func together(on oracle: OracleGallery, by actor: AuditActor?) -> GalleryOperation {
        var samples: [NewSample] = [], whom = (name(on: oracle), Modality.face)
        for _ in 0..<below(4) {
            guard case .enroll(let sample, let name, let modality, _) = enrollment(on: oracle, by: actor) else {
                continue
            }
            // Now and then they do not belong together.
            if samples.isEmpty || chance(5) { whom = (name, modality) }
            samples.append(sample)
        }
        return .enrollTogether(samples, as: whom.0, whom.1, by: actor)
    }

    private mutating func enrollment(on oracle: OracleGallery, by actor: AuditActor?) -> GalleryOperation {
        let name = chance(50) ? name(on: oracle) : one(names)
        let modality =
            chance(90) ? oracle.identities[name]?.modality ?? one([.face, .signature]) : one(Modality.allCases)
        var outcomes: [ModelDigest: EmbeddingOutcome] = [:]
        for generation in oracle.generations(of: modality) where generation.state == .active || chance(50) {
            outcomes[generation.model.digest] = outcome(by: generation.model)
        }
        if chance(8) { outcomes[one(models).digest] = outcome(by: one(models)) }
        if chance(3) { outcomes = [:] }
        return .enroll(
            NewSample(
                image: (0..<1 + below(40)).map { UInt8($0 ^ below(256)) }, kind: one(StoredImageKind.allCases),
                width: below(2000),
                height: below(2000), original: [UInt8](repeating: UInt8(below(30)), count: chance(99) ? 32 : 31),
                measurements: chance(50) ? [QualityMeasurement(.sharpness, Double(below(100)) / 8, minimum: 1)] : [],
                outcomes: outcomes),
            as: name, modality, by: actor)
    }

    private mutating func outcome(by model: ModelDescription) -> EmbeddingOutcome {
        let size = chance(98) ? model.embeddingSize : model.embeddingSize + 1
        let values = (0..<size).map { _ in Float(below(1000)) / 8 - 60 }
        guard !chance(5), let embedding = Embedding(values: values, model: model.digest) else {
            return .refused(reason: "no face \(below(9))")
        }
        return .embedded(embedding)
    }
}
