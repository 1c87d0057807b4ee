// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import ProgramHarness

/// Changes a gallery in every way there is, and says what it is about to do ("> …") and what it has done ("< …"), so
/// that whoever stops it, or what is below it, knows what has to be there: see ``GalleryState``.
public struct Churn: Sendable {
    public static let models = (1...2).compactMap { number in
        ModelDigest(bytes: [UInt8](repeating: UInt8(number), count: 32)).map {
            ModelDescription(digest: $0, modality: .face, name: "model \(number)", version: "1", embeddingSize: 3)
        }
    }

    private let gallery: any GalleryStore
    private let copy: String?
    private let say: @Sendable (String) -> Void
    private var random: SeededGenerator

    /// - Parameters:
    ///   - copy: The path of a backup; what is there is replaced. Nil where the database has means of its own.
    ///   - say: Takes a line.
    public init(gallery: any GalleryStore, copy: String?, seed: UInt64, say: @escaping @Sendable (String) -> Void) {
        self.gallery = gallery
        self.copy = copy
        self.say = say
        random = SeededGenerator(seed: seed)
    }

    /// Makes a model active where none is.
    public func begin() async throws {
        guard try await gallery.activeGenerations().isEmpty else { return }
        try await tell("activate\t\(Self.models[0].name)\t0") { _ = try await gallery.activate(Self.models[0]) }
    }

    public mutating func run() async throws {
        try await begin()
        while true { try await step() }
    }

    /// One change, or one of several steps; sometimes there is nothing that it could change.
    public mutating func step() async throws {
        switch random.next() % 32 {
        case 0, 1: try await tell("rekey") { try await gallery.rekey(by: nil) { _ in } }
        case 2...7: try await rotate()
        case 8: try await backUp()
        case 9...13: try await removeSample()
        case 14: try await remove()
        case 15: try await tell("audit") { try await gallery.record([AuditEvent(.verify, by: nil, result: "match")]) }
        case 16: try await tell("trim") { _ = try await gallery.trimAudit(AuditRetention(age: nil, entries: 20)) }
        case 17: try await prune()
        case 18...20: try await move()
        default: try await enroll()
        }
    }

    private func tell(_ what: String, _ body: () async throws -> Void) async throws {
        say("> " + what)
        try await body()
        say("< " + what)
    }

    private mutating func anybody() async throws -> IdentityName? {
        try await gallery.identities().map(\.name).randomElement(using: &random)
    }

    private mutating func enroll() async throws {
        let name = try IdentityName("person \(random.next() % 12)")
        guard try await gallery.details(of: name)?.samples.count ?? 0 < gallery.maximumSamples else { return }
        guard let model = try await gallery.activeGenerations().first?.model else { return }
        let sample = ChurnSample(number: Int(random.next() % (1 << 24)))
        try await tell("enrol\t\(name)\t\(sample.number)") {
            _ = try await gallery.enroll(
                NewSample(
                    image: sample.image, width: 10, height: 10, original: sample.original, measurements: [],
                    outcomes: [model.digest: .embedded(try sample.embedding(by: model))]),
                as: name, modality: .face, by: nil)
        }
    }

    private mutating func removeSample() async throws {
        guard let name = try await anybody(),
            let sample = try await gallery.details(of: name)?.samples.randomElement(using: &random)
        else { return }
        try await tell("remove\t\(name)\t\(ChurnSample(original: sample.original).number)") {
            _ = try await gallery.removeSample(sample.number, of: name, by: nil)
        }
    }

    /// Makes a sample somebody else's, who may be new, and may take the last of the one whose it was.
    private mutating func move() async throws {
        let other = try IdentityName("person \(random.next() % 12)")
        guard let name = try await anybody(), name != other,
            let sample = try await gallery.details(of: name)?.samples.randomElement(using: &random),
            try await gallery.details(of: other)?.samples.count ?? 0 < gallery.maximumSamples
        else { return }
        try await tell("move\t\(name)\t\(ChurnSample(original: sample.original).number)\t\(other)") {
            _ = try await gallery.moveSample(
                sample.number, of: name, to: other, [.makingIdentity, .takingLast], by: nil,
                carrying: { _, _, _, _ in nil })
        }
    }

    private mutating func remove() async throws {
        guard let name = try await anybody() else { return }
        try await tell("remove\t\(name)\t") { _ = try await gallery.remove(name, by: nil) }
    }

    private func backUp() async throws {
        guard let copy else { return }
        try await tell("backup") {
            unlink(copy)
            try await gallery.backUp(to: copy, by: nil)
        }
    }

    private func prune() async throws {
        try await tell("prune\t\t") { _ = try await gallery.pruneGenerations(of: nil, by: nil) }
    }

    /// Goes on with a rotation or gives it up, or begins one or a rollback.
    private mutating func rotate() async throws {
        let generations = try await gallery.everyGeneration()
        guard let building = generations.first(where: { $0.state == .building }) else {
            let retired = generations.first { $0.state == .retired }
            let isRollback = retired != nil && random.next() % 2 == 0
            let active = generations.first { $0.state == .active }?.model
            guard let model = isRollback ? retired?.model : Self.models.first(where: { $0 != active }) else { return }
            return try await tell("begin\t\(model.name)\t\(isRollback ? 1 : 0)") {
                _ = try await gallery.beginGeneration(
                    model, for: isRollback ? .rollback : .rotation(maximumDrop: 1), by: nil)
            }
        }
        guard random.next() % 8 > 0 else {
            return try await tell("abandon\t\(building.model.name)\t0") {
                try await gallery.abandonGeneration(building.id, result: "cancelled", by: nil)
            }
        }
        while case let pending = try await gallery.pendingSamples(in: building.id, after: 0, limit: 8), !pending.isEmpty
        {
            var outcomes: [(sample: Int64, outcome: EmbeddingOutcome)] = []
            for sample in pending {
                guard let image = sample.image else { continue }
                let embedding = try ChurnSample(image: image).embedding(by: building.model)
                outcomes.append((sample.id, .embedded(embedding)))
            }
            try await tell("store") { [outcomes] in try await gallery.store(outcomes, in: building.id) }
        }
        try await tell("activate\t\(building.model.name)\t0") {
            _ = try await gallery.activateGeneration(building.id, result: "", by: nil)
        }
    }
}

/// A sample of a churn: everything of it follows from its number, so that nothing else can pass for it.
struct ChurnSample: Hashable {
    /// At most 24 bits.
    let number: Int

    init(number: Int) {
        self.number = number
    }

    init(original: [UInt8]) {
        number = original.prefix(3).reduce(0) { $0 << 8 | Int($1) }
    }

    init(image: [UInt8]) {
        self.init(original: image)
    }

    private var bytes: [UInt8] { [UInt8(number >> 16), UInt8(number >> 8 & 255), UInt8(number & 255)] }
    var original: [UInt8] { bytes + [UInt8](repeating: 9, count: 29) }
    /// Longer than a page of the database.
    var image: [UInt8] { bytes + [UInt8](repeating: UInt8(number % 251), count: 6000) }

    func embedding(by model: ModelDescription) throws -> Embedding {
        guard
            let embedding = Embedding(
                values: [Float(number % 9973), Float(number), Float(model.digest.bytes[0])], model: model.digest)
        else {
            throw CocoaError(.featureUnsupported)
        }
        return embedding
    }
}
