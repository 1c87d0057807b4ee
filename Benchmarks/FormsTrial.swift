// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Biometrics
import Foundation
import Imaging
import ProgramHarness
import Recognition

/// Whether a printed form makes strangers match: writers enrolled on each form and probed on each.
struct FormsTrial: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forms",
        abstract:
            "Signatures on printed forms, as enrolled and as probed: how often impostors and genuine writers match.")

    @Option(help: "A folder per writer with signatures in its folder genuine; default: SigComp2009 in LIKENESS_SHARED.")
    var writersFolder: String?

    @Option(help: "The model package.")
    var package = "models/signature"

    @Option(help: "Writers, taken evenly from the folder.")
    var writers = 12

    @Option(help: "Signatures of each writer to enrol.")
    var samples = 3

    @Option(help: "Signatures of each writer to probe with.")
    var probes = 4

    @Option(help: "How often each form is drawn, with another shape, and every signature at another place on it.")
    var draws = 6

    @Option(help: "The stated false match rate whose threshold decides.")
    var rate = 0.01

    @Option(help: "What chance begins with.")
    var seed: UInt64 = 1

    func validate() throws {
        guard writers >= 2, samples >= 1, probes >= 1, draws >= 1 else {
            throw ValidationError("it needs two writers, and one of each of the others, at least")
        }
    }

    func run() throws {
        let recognizer = try Recognizer(package: ModelPackage.load(from: package))
        guard let point = try recognizer.requiredCalibration().operatingPoint(falseMatchRate: rate) else {
            throw ValidationError("\(package) has no operating point at \(rate)")
        }
        let people = try chosenPeople()
        let pictures = try people.map { person in
            try person.photographs.prefix(samples + probes).map {
                PrintedForm.Signature(try RGBImage(decoding: [UInt8](Data(contentsOf: URL(fileURLWithPath: $0)))))
            }
        }
        let start = ContinuousClock.now
        var cells: [Cell] = Array(repeating: Cell(), count: Self.kinds.count * Self.kinds.count)
        var refusals = Array(repeating: 0, count: Self.kinds.count), empty = refusals
        for draw in 0..<draws {
            let drawn = try Drawing(pictures, draw: draw, trial: self, recognizer)
            for (index, kind) in drawn.kinds.enumerated() {
                refusals[index] += kind.refused
                empty[index] += kind.emptyAccepted
            }
            for enrolled in Self.kinds.indices {
                for probed in Self.kinds.indices {
                    cells[enrolled * Self.kinds.count + probed] += try drawn.compare(
                        enrolled, probed, rule: recognizer.manifest.defaultReferenceRule, threshold: point.threshold)
                }
            }
        }
        print(
            "model      \(recognizer.manifest.name) \(recognizer.manifest.version), threshold \(point.threshold) for a stated false match rate of \(rate)"
        )
        print(
            "writers    \(people.count), \(samples) enrolled and \(probes) probed each, \(draws) draws, in \(Int((ContinuousClock.now - start).inSeconds)) s"
        )
        report(cells)
        print(
            "\nrefused as of poor quality, and empty forms that were not, of \(draws * people.count * (samples + probes)) and \(draws * people.count)"
        )
        for (index, kind) in Self.kinds.enumerated() {
            print(
                "\(Self.padded(kind.rawValue))\(refusals[index])  \(kind == .plain || kind == .stamp ? "" : "\(empty[index])")"
            )
        }
    }

    static let kinds = PrintedForm.Kind.allCases

    private func chosenPeople() throws -> [Person] {
        guard let folder = writersFolder ?? TestEnvironment.shared.map({ $0 + "/data/sigcomp2009" }) else {
            throw ValidationError("name a folder with --writers-folder, or set LIKENESS_SHARED")
        }
        let all = try Person.all(in: folder, below: "genuine").filter { $0.photographs.count >= samples + probes }
        guard all.count >= writers else {
            throw ValidationError(
                "\(folder) holds \(all.count) writers with \(samples + probes) signatures each, and \(writers) are needed"
            )
        }
        return (0..<writers).map { all[$0 * all.count / writers] }
    }

    /// Prints a table of rates for impostors and one for the genuine, enrolled down and probed across.
    private func report(_ cells: [Cell]) {
        let plain = cells[0].impostor.rate
        for (title, path) in [("impostors", \Cell.impostor), ("genuine", \Cell.genuine)] {
            let comparisons = cells[0][keyPath: path].trials
            print(
                "\n\(title) that match, in per cent of \(comparisons) comparisons a cell, with 95 % intervals; enrolled down, probed across"
            )
            print(Self.padded("") + Self.kinds.map { Self.padded($0.rawValue) }.joined())
            for (row, kind) in Self.kinds.enumerated() {
                let counts = Self.kinds.indices.map { cells[row * Self.kinds.count + $0][keyPath: path] }
                print(
                    Self.padded(kind.rawValue)
                        + counts.map { count in
                            Self.padded(count.text + (title == "impostors" && count.rate > 2 * plain ? " *" : ""))
                        }.joined())
            }
        }
        let marked = cells.count { $0.impostor.rate > 2 * plain }
        print("\n* above twice the plain rate of impostors: \(marked) of \(cells.count) cells")
    }

    private static func padded(_ text: String) -> String { text.padding(toLength: 20, withPad: " ", startingAt: 0) }

    /// How often something happened.
    struct Count: Sendable {
        var events = 0
        var trials = 0

        var rate: Double { Double(events) / Double(max(1, trials)) }

        /// The rate with its exact interval (Clopper and Pearson), in per cent.
        var text: String {
            // A bound at 97.5 % on either side leaves 95 % between.
            let upper = BinomialInterval.upperBound(events: events, trials: trials, confidence: 0.975)
            let lower = 1 - BinomialInterval.upperBound(events: trials - events, trials: trials, confidence: 0.975)
            return String(format: "%.1f (%.1f–%.1f)", 100 * rate, 100 * max(0, lower), 100 * upper)
        }

        static func += (sum: inout Count, other: Count) {
            sum.events += other.events
            sum.trials += other.trials
        }
    }

    struct Cell: Sendable {
        var impostor = Count()
        var genuine = Count()

        static func += (sum: inout Cell, other: Cell) {
            sum.impostor += other.impostor
            sum.genuine += other.genuine
        }
    }
}
