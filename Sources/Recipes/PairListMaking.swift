// SPDX-License-Identifier: Apache-2.0

import Foundation
import Training

/// Makes a CSV file of pairs, `image1,image2,label`, out of a folder of identities.
public struct PairListMaking: Sendable, Hashable {
    public var count: Int
    /// The share of pairs of one identity, and of a genuine sample with a forgery; the rest are of two identities.
    public var genuine: Double
    public var forgery: Double
    public var seed: Int

    /// - Precondition: the shares are in 0…1 and together at most 1.
    public init(count: Int, genuine: Double = 0.5, forgery: Double = 0.25, seed: Int = 1) {
        precondition(genuine >= 0 && forgery >= 0 && genuine + forgery <= 1)
        self.count = count
        self.genuine = genuine
        self.forgery = forgery
        self.seed = seed
    }

    /// How often a pair that was drawn already is drawn again before the folder is taken to hold no more.
    private static let patience = 1000

    /// The file's text; no pair is in it twice.
    ///
    /// - Parameters:
    ///   - folder: a folder for each identity, see `IdentityFolder`.
    ///   - location: the folder of the CSV file, from which paths in it are taken.
    /// - Throws: `DataSetError` when the folder cannot be used, or holds fewer pairs than asked for.
    public func text(folder: String, location: String) throws -> String {
        let (images, _) = try IdentityFolder.read(folder)
        let table = IdentityTable(images)
        let quotas = [
            (
                PairSampler.Shares(genuine: 1, randomImpostor: 0, skilledForgery: 0),
                Int((Double(count) * genuine).rounded())
            ),
            (
                PairSampler.Shares(genuine: 0, randomImpostor: 0, skilledForgery: 1),
                Int((Double(count) * forgery).rounded())
            ),
        ]
        let rest = (
            PairSampler.Shares(genuine: 0, randomImpostor: 1, skilledForgery: 0), count - quotas.reduce(0) { $0 + $1.1 }
        )
        var drawn: Set<[Int]> = [], rows: [String] = [], random = RandomSource(seed: UInt64(max(seed, 0)))
        for (shares, quota) in quotas + [rest] where quota > 0 {
            var sampler = try PairSampler(table, pairsPerBatch: 1, shares: shares, seed: random.next()), repeated = 0,
                left = quota
            while left > 0 {
                let batch = sampler.next()
                guard drawn.insert(batch.images.sorted()).inserted else {
                    repeated += 1
                    guard repeated < Self.patience else {
                        throw DataSetError.tooLittle(
                            reason: "\(folder) holds fewer than \(quota) pairs of one sort; ask for fewer")
                    }
                    continue
                }
                (repeated, left) = (0, left - 1)
                let paths = batch.images.map { Self.field(Self.relative(images[$0].source.name, to: location)) }
                rows.append("\(paths[0]),\(paths[1]),\(batch.pairs?.first?.isSame == true ? 1 : 0)\n")
            }
        }
        rows.shuffle(using: &random)
        return "image1,image2,label\n" + rows.joined()
    }

    static func relative(_ path: String, to folder: String) -> String {
        func parts(_ path: String) -> [String] { URL(fileURLWithPath: path).standardizedFileURL.pathComponents }
        let target = parts(path), base = parts(folder)
        let common = zip(target, base).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: base.count - common) + target.dropFirst(common)).joined(separator: "/")
    }

    /// Quoted where CSV wants it (RFC 4180).
    private static func field(_ text: String) -> String {
        text.contains { ",\"\n\r".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
