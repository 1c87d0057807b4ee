// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness
import Recognition

/// Omniglot's files as they are published: the small background sets and the twenty one-shot classification runs.
struct OmniglotRuns {
    /// One run: each probe shows the character of exactly one of the samples.
    struct Run {
        let samples: [String]
        let probes: [(file: String, answer: String)]
    }

    /// A folder for each alphabet, with a folder for each character.
    let background: String
    let runs: [Run]
    private let folder: TemporaryFolder

    /// Unpacks the archives of a folder.
    init(archives: String, python: String) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        func unpack(_ name: String, to place: String) throws {
            let result = try Command.run(python, ["-m", "zipfile", "-e", "\(archives)/\(name)", place])
            guard result.status == 0 else {
                throw HarnessError("\(archives)/\(name) cannot be unpacked: \(result.errors)")
            }
        }
        background = folder.appending("background")
        let files = FileManager.default
        try files.createDirectory(atPath: background, withIntermediateDirectories: true)
        for set in ["images_background_small1", "images_background_small2"] {
            try unpack("\(set).zip", to: folder.path)
            try Self.merge(folder.appending(set), into: background)
        }
        try unpack("all_runs.zip", to: folder.path)
        runs = try (1...20).map {
            try Self.run(in: folder.appending("run" + ($0 < 10 ? "0\($0)" : "\($0)")), root: folder.path)
        }
    }

    /// Two sets share alphabets, with the same files: as two identities, one character would be trained against itself.
    private static func merge(_ set: String, into background: String) throws {
        let files = FileManager.default
        guard let paths = files.enumerator(atPath: set) else { throw HarnessError("\(set) is no folder") }
        for case let path as String in paths where path.hasSuffix(".png") {
            let target = "\(background)/\(path)"
            if files.fileExists(atPath: target) {
                guard files.contentsEqual(atPath: "\(set)/\(path)", andPath: target) else {
                    throw HarnessError("the two background sets have different images of the name \(path)")
                }
                continue
            }
            try files.createDirectory(
                atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try files.copyItem(atPath: "\(set)/\(path)", toPath: target)
        }
    }

    private static func run(in folder: String, root: String) throws -> Run {
        let text = try String(contentsOfFile: folder + "/class_labels.txt", encoding: .utf8)
        let rows = text.split(whereSeparator: \.isNewline).map { $0.split(separator: " ").map { "\(root)/\($0)" } }
        guard rows.count == 20, rows.allSatisfy({ $0.count == 2 }) else {
            throw HarnessError("\(folder)/class_labels.txt does not list 20 pairs")
        }
        return Run(samples: Set(rows.map { $0[1] }).sorted(), probes: rows.map { (file: $0[0], answer: $0[1]) })
    }

    /// How many of all probes are nearest to the sample of their character.
    func correct(by recognizer: Recognizer) throws -> (correct: Int, probes: Int) {
        let session: RecognizerSession = try recognizer.makeSession()
        func embedding(_ file: String) throws -> [Float] {
            let image = try RGBImage(decoding: [UInt8](Data(contentsOf: URL(fileURLWithPath: file))))
            return try session.embed(session.prepare(image, largest: true)).values
        }
        var correct = 0, probes = 0
        for run in runs {
            let samples = try run.samples.map { (file: $0, embedding: try embedding($0)) }
            for probe in run.probes {
                let values = try embedding(probe.file)
                let distances = samples.map { sample in
                    zip(sample.embedding, values).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                }
                let nearest = distances.indices.min { distances[$0] < distances[$1] }
                if let nearest, samples[nearest].file == probe.answer { correct += 1 }
                probes += 1
            }
        }
        return (correct, probes)
    }
}
