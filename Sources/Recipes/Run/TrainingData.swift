// SPDX-License-Identifier: Apache-2.0

import Crypto
import Files
import Foundation
import Imaging
import Training
import Wording

/// The images of a recipe, decoded and prepared once.
public struct TrainingData: Sendable {
    /// A list of pairs over a cache of its own.
    struct List: Sendable {
        let pairs: PairList
        let cache: ImageCache
    }

    /// The images of sources that are identities, in one cache.
    let cache: ImageCache?
    let identities: IdentityTable
    /// The sources of identities, by the identities' names.
    let sources: [String: String]
    /// The sources that stages take as listed pairs, by name.
    let lists: [String: List]
    /// SHA-256 over all that training sees, in hexadecimal digits: whose the images are, and every pixel.
    let digest: String
    /// What was left out, and what is worth saying, of each source.
    public let reports: [DataReport]

    /// - Parameters:
    ///   - decoding: where images are decoded.
    ///   - prepared: a folder in which prepared images are looked for and kept; nil prepares all.
    ///   - progress: is called with how many images are done, on any thread.
    /// - Throws: ``RunError``, `DataSetError`, or what the model package of faces is refused for.
    init(
        _ recipe: Recipe, decoding: any PictureDecoding, prepared: String?,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) throws {
        let prepare = try ImagePreparation.make(recipe.data)
        let store = try prepared.map { try Self.store(folder: $0, recipe.data) }
        let data = recipe.data
        let limits = ImageCache.Limits(maximumBadShare: data.badShare)
        var images: [LabeledImage] = [], sources: [String: String] = [:], reports: [DataReport] = [],
            lists: [String: List] = [:]
        for source in data.sources {
            let uses = recipe.stages.filter { $0.sources?.contains(source.name) ?? true }
            if case .pairs(let path) = source.origin, uses.contains(where: { $0.batch.isListed }) {
                let list = try PairList.read(path, limits: PairList.Limits(maximumBadShare: data.badShare))
                let cache = try ImageCache(
                    list.images, width: data.width, height: data.height, limits: limits, decoding: decoding,
                    store: store,
                    progress: progress, prepare: prepare)
                let placed = list.placed(in: cache)
                lists[source.name] = List(pairs: placed, cache: cache)
                reports += [placed.report, cache.report]
                if uses.allSatisfy({ $0.batch.isListed }) { continue }
            }
            guard !uses.isEmpty || source.isEvaluated else { continue }
            var (found, report) = try Self.images(of: source, data)
            if let report { reports.append(report) }
            // Two sources may call different people the same.
            if data.sources.count > 1 {
                for index in found.indices {
                    found[index].identity = "\(source.name)/\(found[index].identity)"
                    found[index].group = found[index].group.map { "\(source.name)/\($0)" }
                }
            }
            if source.turns || source.mirrors {
                found = VirtualIdentities.adding(quarterTurns: source.turns, mirrored: source.mirrors, to: found)
            }
            for image in found { sources[image.identity] = source.name }
            images += found
        }
        let cache =
            images.isEmpty
            ? nil
            : try ImageCache(
                images, width: data.width, height: data.height, limits: limits, decoding: decoding, store: store,
                progress: progress, prepare: prepare)
        if let cache { reports.append(cache.report) }
        self.cache = cache
        identities = IdentityTable(cache?.images ?? [])
        self.sources = sources
        self.lists = lists
        self.reports = reports
        digest = Self.digest(
            [cache].compactMap { $0 } + lists.sorted { $0.key < $1.key }.map(\.value.cache), lists: lists)
    }

    private static func store(folder: String, _ data: DataRecipe) throws -> TileStore {
        let preparation = try ImagePreparation.identification(data)
        do throws(FileFailure) {
            return try TileStore(folder: folder, preparation: preparation)
        } catch {
            throw RunError.unwritable(path: error.path, reason: error.reason)
        }
    }

    private static func images(of source: DataSource, _ data: DataRecipe) throws -> ([LabeledImage], DataReport?) {
        switch source.origin {
        case .folder(let path, let grouped):
            let options = IdentityFolder.Options(isGrouped: grouped, maximumBadShare: data.badShare)
            let (images, report) = try IdentityFolder.read(path, options: options)
            return (images, report)
        case .pairs(let path):
            let list = try PairList.read(path, limits: PairList.Limits(maximumBadShare: data.badShare))
            return (list.images, list.report)
        case .pens(let path, let drawings, let seed):
            let options = IdentityFolder.Options(maximumBadShare: data.badShare, content: .penRecordings)
            let (recordings, report) = try IdentityFolder.read(path, options: options)
            return (PenDrawings.images(of: recordings, drawings: drawings, seed: UInt64(seed)), report)
        case .synthetic(let identities, let genuine, let forgeries, let seed):
            let set = try SyntheticSignatureSet(
                writers: identities, genuine: genuine, forgeries: forgeries, seed: UInt64(seed))
            return (set.images, nil)
        }
    }

    private static func digest(_ caches: [ImageCache], lists: [String: List]) -> String {
        var hash = SHA256()
        for cache in caches {
            for (index, image) in cache.images.enumerated() {
                hash.update(data: Array("\(image.identity)\u{0}\(image.kind.rawValue)\u{0}".utf8))
                hash.update(data: cache.tile(index).pixels)
            }
        }
        for (name, list) in lists.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Array("\(name)\u{0}".utf8))
            for pair in list.pairs.pairs {
                hash.update(data: Array("\(pair.first),\(pair.second),\(pair.isSame);".utf8))
            }
        }
        return HexadecimalText.of(hash.finalize())
    }
}

extension BatchRecipe {
    var isListed: Bool { if case .listedPairs = self { true } else { false } }
}
