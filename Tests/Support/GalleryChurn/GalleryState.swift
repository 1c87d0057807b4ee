// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery

/// What is in a gallery that a ``Churn`` changes, as the churn's lines tell it or as the gallery answers.
public struct GalleryState: Hashable, Sendable {
    /// Who is enrolled, by the numbers that the samples were made of.
    private var samples: [String: Set<Int>] = [:]
    /// Models of the generations.
    private var active: String?
    private var building: String?
    private var retired: String?
    private var isRollback = false

    public init() {}

    public var sampleCount: Int { samples.values.reduce(0) { $0 + $1.count } }

    /// Reads and opens everything.
    ///
    /// - Returns: also what of it is not as a churn made it, in words; nothing for a gallery that is whole.
    public static func read(_ gallery: any GalleryStore) async throws -> (state: GalleryState, problems: [String]) {
        var state = GalleryState()
        var problems = try await gallery.check { _, _ in }.damage.map { "\($0.kind): \($0.what)" }
        var numbers: [SampleReference: ChurnSample] = [:]
        for identity in try await gallery.identities() {
            for sample in try await gallery.details(of: identity.name)?.samples ?? [] {
                let reference = SampleReference(identity: identity.name, number: sample.number)
                let made = ChurnSample(original: sample.original)
                numbers[reference] = made
                state.samples[identity.name.text, default: []].insert(made.number)
                if try await gallery.image(of: reference) != made.image {
                    problems.append("the image of \(reference) is another")
                }
            }
        }
        for generation in try await gallery.everyGeneration() {
            let content = try await gallery.embeddings(ofGeneration: generation.id)
            problems += content.damage.map(\.what)
            for enrolled in content.embeddings {
                let expected = try numbers[enrolled.sample]?.embedding(by: generation.model)
                if enrolled.embedding != expected { problems.append("the embedding of \(enrolled.sample) is another") }
            }
            switch generation.state {
            case .active:
                state.active = generation.model.name
                if content.embeddings.count != numbers.count { problems.append("a sample is not compared") }
            case .building:
                state.building = generation.model.name
                state.isRollback = generation.purpose == .rollback
            case .retired:
                state.retired = generation.model.name
            }
        }
        return (state, problems)
    }

    /// - Parameter line: what was done, as the churn says it, without its mark.
    public mutating func apply(_ line: Substring) {
        let words = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard words.count >= 3 else { return }
        switch words[0] {
        case "enrol":
            if let number = Int(words[2]) { samples[words[1], default: []].insert(number) }
        case "remove":
            guard let number = Int(words[2]) else { return samples[words[1]] = nil }
            take(number, of: words[1])
        case "move":
            guard let number = Int(words[2]), let other = words.last else { return }
            take(number, of: words[1])
            samples[other, default: []].insert(number)
        case "begin":
            building = words[1]
            isRollback = words[2] == "1"
            if isRollback { retired = nil }
        case "activate":
            retired = active
            active = words[1]
            (building, isRollback) = (nil, false)
        case "abandon":
            if isRollback { retired = words[1] }
            (building, isRollback) = (nil, false)
        default:
            retired = nil
        }
    }

    private mutating func take(_ number: Int, of name: String) {
        samples[name]?.remove(number)
        if samples[name]?.isEmpty == true { samples[name] = nil }
    }

    /// Takes in what a churn has said, up to where it was stopped, and compares it with what is there. Only the last
    /// change may have been made without having been acknowledged.
    ///
    /// - Returns: whether it is what was acknowledged, or that with the whole of the last change.
    public mutating func follow(_ lines: [String], to found: GalleryState) -> Bool {
        for line in lines where line.hasPrefix("< ") { apply(line.dropFirst(2)) }
        guard found != self, let last = lines.last, last.hasPrefix("> ") else { return found == self }
        apply(last.dropFirst(2))
        return found == self
    }
}
