// SPDX-License-Identifier: Apache-2.0

import Imaging
import Recognition

/// Pictures of the comparisons that came out most wrong: impostors that are nearest and genuine probes that are
/// farthest, each beside what it was compared with.
public struct WorstErrors {
    public struct Picture: Sendable, Encodable {
        public let file: String
        /// `genuine`, `skilled`, `random`; of pairs `same` or `different`.
        public let kind: String
        public let identity: String
        public let distance: Double
        /// The image at the left, one of the reference's.
        public let reference: String
        /// The image at the right.
        public let probe: String
    }

    private struct Case {
        let kind: String
        let distance: Float
        let identity: String
        let reference: Int
        let probe: Int
    }

    private let outcome: EvaluationRun.Outcome

    public init(_ outcome: EvaluationRun.Outcome) {
        self.outcome = outcome
    }

    /// How many of each kind.
    private static let most = 10
    private static let height = 240
    /// An image may be this many times as wide as high before it is made lower.
    private static let maximumAspect = 4

    /// Writes those of each of several sets, whose name the files' names begin with.
    public static func write(
        _ outcome: EvaluationRun.SetsOutcome, to folder: OutputFolder
    ) throws(CommandFailure) -> [Picture] {
        var pictures: [Picture] = []
        for (name, outcome) in outcome.sets {
            pictures += try WorstErrors(outcome).write(to: folder, prefix: "\(name)-")
        }
        return pictures
    }

    /// Writes a PNG file for each, worst first.
    public func write(to folder: OutputFolder, prefix: String = "") throws(CommandFailure) -> [Picture] {
        var pictures: [Picture] = [], ranks: [String: Int] = [:]
        let reader = outcome.decoding.makeReader(limits: .default)
        for found in cases {
            ranks[found.kind, default: 0] += 1
            guard let left = image(found.reference, reader), let right = image(found.probe, reader) else { continue }
            let rank = ranks[found.kind] ?? 0
            let bytes: [UInt8]
            do {
                bytes = try Self.beside(left, right).pngBytes()
            } catch {
                throw CommandFailure(.internalError, name: "Internal", message: error.description)
            }
            let file = try folder.write(bytes, named: "\(prefix)\(found.kind)-\(rank < 10 ? "0" : "")\(rank).png")
            pictures.append(
                Picture(
                    file: file, kind: found.kind, identity: found.identity, distance: Double(found.distance),
                    reference: outcome.data.name(of: found.reference), probe: outcome.data.name(of: found.probe)))
        }
        return pictures
    }

    private var cases: [Case] {
        switch outcome.measured {
        case .identities(let results):
            // Of the most references, where errors are fewest and say most.
            guard let result = results.last(where: { !$0.trials.genuine.isEmpty }) else { return [] }
            return Self.extreme(result.trials.genuine, isFar: true).map { identityCase("genuine", $0, result) }
                + Self.extreme(result.trials.skilled, isFar: false).map { identityCase("skilled", $0, result) }
                + Self.extreme(result.trials.random, isFar: false).map { identityCase("random", $0, result) }
        case .pairs(let pairs):
            return Self.extreme(pairs.genuine, isFar: true).compactMap { pairCase("same", $0) }
                + Self.extreme(pairs.impostor, isFar: false).compactMap { pairCase("different", $0) }
        }
    }

    private func identityCase(_ kind: String, _ trial: VerificationTrial, _ result: VerificationResult) -> Case {
        let reference = outcome.rows[result.references(of: trial).first ?? Int(trial.probe)]
        return Case(
            kind: kind, distance: trial.distance, identity: outcome.data.images[reference].identity,
            reference: reference,
            probe: outcome.rows[Int(trial.probe)])
    }

    private func pairCase(_ kind: String, _ trial: VerificationTrial) -> Case? {
        guard case .pairs(let pairs, _) = outcome.data.content else { return nil }
        let pair = pairs[outcome.rows[Int(trial.probe)]]
        return Case(
            kind: kind, distance: trial.distance, identity: outcome.data.images[pair.first].identity,
            reference: pair.first,
            probe: pair.second)
    }

    /// The nearest or farthest, each probe once for an identity.
    private static func extreme(_ trials: [VerificationTrial], isFar: Bool) -> [VerificationTrial] {
        struct Comparison: Hashable {
            let identity: Int32
            let probe: Int32
        }
        var seen: Set<Comparison> = [], found: [VerificationTrial] = []
        let sorted = trials.filter(\.distance.isFinite).sorted {
            $0.distance == $1.distance
                ? ($0.identity, $0.probe, $0.draw) < ($1.identity, $1.probe, $1.draw)
                : ($0.distance < $1.distance) != isFar
        }
        for trial in sorted
        where found.count < most && seen.insert(Comparison(identity: trial.identity, probe: trial.probe)).inserted {
            found.append(trial)
        }
        return found
    }

    private func image(_ index: Int, _ reader: any PictureReader) -> RGBImage? {
        let file = outcome.data.readable(index)
        guard let bytes = try? file.read(), let image = try? reader.image(of: bytes, name: file.name) else {
            return nil
        }
        guard let pureInk = outcome.options.pureInk else { return image }
        return try? pureInk.render(image)
    }

    private static func beside(_ left: RGBImage, _ right: RGBImage) -> RGBImage {
        let tiles = [left, right].map(scaled)
        let gap = 12, width = tiles[0].width + gap + tiles[1].width
        var picture = RGBImage(width: width, height: height, repeating: RGB(red: 255, green: 255, blue: 255))
        for y in 0..<height {
            for x in 0..<gap where (4..<8).contains(x) {
                picture[tiles[0].width + x, y] = RGB(red: 0, green: 0x72, blue: 0xB2)
            }
        }
        for (tile, start) in [(tiles[0], 0), (tiles[1], tiles[0].width + gap)] {
            let top = (height - tile.height) / 2
            for y in 0..<tile.height {
                for x in 0..<tile.width { picture[start + x, top + y] = tile[x, y] }
            }
        }
        return picture
    }

    private static func scaled(_ image: RGBImage) -> RGBImage {
        let scale = min(Double(height) / Double(image.height), Double(height * maximumAspect) / Double(image.width))
        func length(_ side: Int) -> Int { max(1, Int((Double(side) * scale).rounded())) }
        return image.resized(
            width: length(image.width), height: min(length(image.height), height), method: scale < 1 ? .area : .bilinear
        )
    }
}
