import Biometrics
import Foundation
import Gallery
import ProgramHarness

/// Changes a gallery without end in every way there is, and says what it is about to do ("> …") and what it has done ("< …"), so
/// that whoever kills it knows what has to be there.
struct Churn {
    static let models = (1...2).compactMap { number in
        ModelDigest(bytes: [UInt8](repeating: UInt8(number), count: 32)).map {
            ModelDescription(digest: $0, modality: .face, name: "model \(number)", version: "1", embeddingSize: 3)
        }
    }

    let gallery: SQLGallery
    let path: String
    var random: SeededGenerator
    private var enrolled: [String: [Int]] = [:]

    init(gallery: SQLGallery, path: String, seed: UInt64) async throws {
        self.gallery = gallery
        self.path = path
        random = SeededGenerator(seed: seed)
        if try await gallery.activeGenerations().isEmpty { _ = try await gallery.activate(Self.models[0]) }
        for identity in try await gallery.identities() {
            enrolled[identity.name.text] = try await gallery.details(of: identity.name)?.samples.map(\.number) ?? []
        }
    }

    /// What a model makes of a sample: it tells whose it is.
    static func embedding(of name: String, number: Int, by model: ModelDescription) throws -> Embedding {
        let person = Float(name.utf8.reduce(0) { $0 &* 31 &+ Int($1) } % 9973)
        guard let embedding = Embedding(values: [person, Float(number), Float(model.digest.bytes[0])], model: model.digest) else {
            throw CocoaError(.featureUnsupported)
        }
        return embedding
    }

    mutating func run() async throws {
        while true {
            switch random.next() % 20 {
            case 0: try await rekey()
            case 1, 2: try await rotate()
            case 3: try await backUp()
            case 4, 5, 6: try await removeSample()
            case 7: try await remove()
            default: try await enrol()
            }
        }
    }

    private func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    private mutating func enrol() async throws {
        let name = "person \(random.next() % 12)"
        guard (enrolled[name] ?? []).count < 5 else { return }
        // The number is known only afterwards: the embedding says it, and so it is asked for before.
        let next = try await gallery.nextNumber(of: name)
        say("> enrol\t\(name)\t\(next)")
        let active = try await gallery.activeGenerations().map(\.model)
        guard let model = active.first else { return }
        let sample = NewSample(
            image: [UInt8](repeating: UInt8(next % 251), count: 6000), width: 10, height: 10,
            original: [UInt8](repeating: UInt8(random.next() % 256), count: 32), measurements: [],
            outcomes: [model.digest: .embedded(try Self.embedding(of: name, number: next, by: model))])
        _ = try await gallery.enrol(sample, as: IdentityName(name), modality: .face, by: nil)
        enrolled[name, default: []].append(next)
        say("< enrol\t\(name)\t\(next)")
    }

    private mutating func removeSample() async throws {
        guard let (name, numbers) = enrolled.sorted(by: { $0.key < $1.key }).randomElement(using: &random),
              let number = numbers.randomElement(using: &random) else { return }
        say("> remove\t\(name)\t\(number)")
        _ = try await gallery.removeSample(number, of: IdentityName(name), by: nil)
        enrolled[name] = numbers.count == 1 ? nil : numbers.filter { $0 != number }
        say("< remove\t\(name)\t\(number)")
    }

    private mutating func remove() async throws {
        guard let name = enrolled.keys.sorted().randomElement(using: &random) else { return }
        say("> remove\t\(name)\t0")
        _ = try await gallery.remove(IdentityName(name), by: nil)
        enrolled[name] = nil
        say("< remove\t\(name)\t0")
    }

    private func rekey() async throws {
        say("> rekey")
        try await gallery.rekey(by: nil) { _ in }
        say("< rekey")
    }

    private func backUp() async throws {
        let copy = path + ".copy"
        unlink(copy)
        say("> backup")
        try await gallery.backUp(to: copy, by: nil)
        say("< backup")
    }

    /// Goes on with a rotation that a kill has interrupted, or begins one.
    private func rotate() async throws {
        say("> rotate")
        let contents = try await gallery.generations()
        var building = contents.first { $0.generation.state == .building }?.generation
        if building == nil {
            let active = contents.first { $0.generation.state == .active }?.generation.model
            guard let other = Self.models.first(where: { $0 != active }) else { return }
            building = try await gallery.beginGeneration(other, for: .rotation(maximumDrop: 1), by: nil)
        }
        guard let building else { return }
        while case let pending = try await gallery.pendingSamples(in: building.id, after: 0, limit: 8), !pending.isEmpty {
            try await gallery.store(
                pending.map { sample in
                    let reference = sample.reference
                    let embedding = try Self.embedding(of: reference.identity.text, number: reference.number, by: building.model)
                    return (sample.id, .embedded(embedding))
                }, in: building.id)
        }
        _ = try await gallery.activateGeneration(building.id, result: "", by: nil)
        say("< rotate")
    }
}

extension SQLGallery {
    /// The number that the next sample of a name gets.
    fileprivate func nextNumber(of name: String) async throws -> Int {
        try await (auditTrail(AuditQuery(identity: IdentityName(name), limit: 1000)).prefix { $0.action != .removeIdentity })
            .filter { $0.action == .enrol }.compactMap(\.sample).max().map { $0 + 1 } ?? 1
    }
}
