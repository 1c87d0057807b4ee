import Biometrics
import Foundation
import Gallery
import ProgramHarness
import Testing

/// Kills a process that changes a gallery in every way there is, at random points, and compares what is left with what was
/// acknowledged. `LIKENESS_FAULT_RUNS` says how often.
@Suite(.serialized, .enabled(if: Products.contains(CrashWriter.name), "gallery-crash-writer is not built beside the tests"))
struct KillTests {
    private static let runs = ProcessInfo.processInfo.environment["LIKENESS_FAULT_RUNS"].flatMap(Int.init) ?? 40

    @Test func `kill -9 amid enrolments, removals, rotations, rekeys and backups leaves all of a change or nothing`() async throws {
        let fixture = try GalleryFixture()
        var random = SeededGenerator(seed: 20_261_125)
        var expected = Oracle(), interrupted: [String: Int] = [:], acknowledged = 0
        for run in 0..<Self.runs {
            let seed = random.next(), lines = Int(random.next() % 30) + 1, pause = UInt32(random.next() % 6000)
            // The keys change places, so that every rekey is one to another key.
            let (current, previous) = run % 2 == 0 ? (1, 2) : (2, 1)
            let said = try await OwnThread.run {
                try CrashWriter.killed(
                    [fixture.path, "\(seed)", "\(current)", "\(previous)"], afterLines: lines, pause: pause)
            }
            var options = SQLGallery.Options()
            options.keys = WrappingKeys(
                current: WrappingKey(bytes: [UInt8](repeating: UInt8(current), count: 32)),
                previous: WrappingKey(bytes: [UInt8](repeating: UInt8(previous), count: 32)))
            let gallery = try await SQLiteGallery.open(path: fixture.path, options: options)
            for line in said where line.hasPrefix("< ") { expected.apply(line.dropFirst(2)) }
            acknowledged += said.count { $0.hasPrefix("< ") }
            let found = try await Oracle(gallery)
            // The last change may have been made without having been acknowledged.
            if let last = said.last, last.hasPrefix("> ") {
                interrupted[String(last.dropFirst(2).prefix { $0 != "\t" }), default: 0] += 1
                var all = expected
                all.apply(last.dropFirst(2))
                if found == all { expected = all }
            }
            #expect(found == expected, "run \(run), seed \(seed)")
            expected = found
            try await expectWhole(gallery, run: run)
            try await gallery.close()
        }
        print("kill -9: \(Self.runs) runs, \(acknowledged) acknowledged changes, interrupted: \(interrupted.sorted { $0.key < $1.key })")
        #expect(interrupted.values.reduce(0, +) > Self.runs / 4)
    }

    /// Every sample is compared, with the embedding that is its own.
    private func expectWhole(_ gallery: SQLGallery, run: Int) async throws {
        #expect(try await gallery.check { _, _ in }.damage.isEmpty, "run \(run)")
        guard let content = try await gallery.embeddings(of: .face) else { return }
        #expect(content.damage.isEmpty, "run \(run)")
        for enrolled in content.embeddings {
            let name = enrolled.sample.identity.text
            let person = Float(name.utf8.reduce(0) { $0 &* 31 &+ Int($1) } % 9973)
            let model = Float(content.generation.model.digest.bytes[0])
            #expect(enrolled.embedding.values == [person, Float(enrolled.sample.number), model], "run \(run)")
            let image = try await gallery.image(of: enrolled.sample)
            #expect(image == [UInt8](repeating: UInt8(enrolled.sample.number % 251), count: 6000), "run \(run)")
        }
    }
}

/// Who is enrolled, by the numbers of their samples.
private struct Oracle: Equatable {
    private var samples: [String: Set<Int>] = [:]

    init() {}

    init(_ gallery: SQLGallery) async throws {
        for identity in try await gallery.identities() {
            samples[identity.name.text] = Set(try await gallery.details(of: identity.name)?.samples.map(\.number) ?? [])
        }
        let compared = try await gallery.embeddings(of: .face)?.embeddings.map(\.sample) ?? []
        #expect(Dictionary(grouping: compared, by: \.identity.text).mapValues { Set($0.map(\.number)) } == samples)
    }

    /// - Parameter line: what was done, as the program says it.
    mutating func apply(_ line: Substring) {
        let words = line.split(separator: "\t").map(String.init)
        guard words.count == 3, let number = Int(words[2]) else { return }
        switch (words[0], number) {
        case ("enrol", _): samples[words[1], default: []].insert(number)
        case ("remove", 0): samples[words[1]] = nil
        default:
            samples[words[1]]?.remove(number)
            if samples[words[1]]?.isEmpty == true { samples[words[1]] = nil }
        }
    }
}
