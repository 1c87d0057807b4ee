// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import Imaging

/// The images of a data set, each decoded and prepared once, as grey tiles of one size in one buffer.
public struct ImageCache: Sendable {
    /// How much is taken.
    public struct Limits: Sendable, Hashable {
        public var decoding: DecodingLimits
        /// The most bytes that the tiles may take; checked before the first image is decoded.
        public var maximumBytes: Int
        /// The share of the images that may be left out.
        public var maximumBadShare: Double

        public init(decoding: DecodingLimits = .default, maximumBytes: Int = 2 << 30, maximumBadShare: Double = 0.01) {
            self.decoding = decoding
            self.maximumBytes = maximumBytes
            self.maximumBadShare = maximumBadShare
        }
    }

    public let width: Int
    public let height: Int
    /// The images that were taken, in the order in which they were given; what a ``TrainingBatch`` counts in.
    public let images: [LabeledImage]
    /// For each image that was given its place in ``images``; nil where it was left out.
    public let positions: [Int?]
    /// What was left out and why.
    public let report: DataReport
    /// For each image the number of its tile: two names of one file share one.
    private let tiles: [Int]
    private let pixels: [UInt8]

    /// Decodes and prepares all images, on all cores; the result does not depend on how many there are.
    ///
    /// - Parameters:
    ///   - decoding: Where images are decoded.
    ///   - prepare: Makes of a decoded image a grey tile of `width` × `height`. What it throws is reported as the
    ///     image's defect.
    ///   - store: Has tiles of earlier runs, and gets those that it lacks; that it could not be written is a remark of
    ///     the report.
    ///   - progress: Called, on any thread, with how many different images are done and how many there are.
    /// - Throws: ``DataSetError/tooLarge(reason:)`` before anything is decoded, ``DataSetError/noDecoder(reason:)``
    ///   where nothing can be, and ``DataSetError/tooManyBad(_:maximumShare:)`` after everything was.
    public init(
        _ images: [LabeledImage], width: Int, height: Int, limits: Limits = Limits(),
        decoding: any PictureDecoding, store: TileStore? = nil, threads: Int? = nil,
        progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil,
        prepare: @escaping @Sendable (RGBImage) throws -> GrayImage
    ) throws(DataSetError) {
        precondition(width > 0 && height > 0)
        let work = CacheWork(images, tileBytes: width * height)
        try work.check(maximumBytes: limits.maximumBytes)
        let result = work.run(
            width: width, height: height, limits: limits.decoding, decoding: decoding, store: store,
            threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, progress: progress, prepare: prepare)
        if let failure = result.failure { throw .noDecoder(reason: failure.description) }

        var report = DataReport(unit: "images"), taken: [LabeledImage] = [], positions: [Int?] = [], tiles: [Int] = []
        for (image, tile) in zip(images, work.tiles) {
            report.total += 1
            if let cause = result.causes[tile] {
                let isListed = image.location != nil
                report.note(
                    DataDefect(
                        location: image.location ?? DataLocation(file: image.source.name),
                        cause: isListed ? "\(image.source.name): \(cause)" : cause))
                positions.append(nil)
            } else {
                positions.append(taken.count)
                taken.append(image)
                tiles.append(tile)
            }
        }
        if let store {
            let bytes = width * height
            do throws(FileFailure) {
                try store.add(
                    result.fresh.lazy.map { ($0.key, result.pixels[$0.number * bytes..<($0.number + 1) * bytes]) })
            } catch {
                report.remark("the prepared images are not kept: \(error)")
            }
        }
        try report.check(maximumShare: limits.maximumBadShare)
        self.width = width
        self.height = height
        self.images = taken
        self.positions = positions
        self.report = report
        self.tiles = tiles
        pixels = result.pixels
    }

    /// How many images there are.
    public var count: Int { images.count }

    /// The prepared image, `width` × `height`.
    ///
    /// - Precondition: the index is below ``count``.
    public func tile(_ index: Int) -> GrayImage {
        let start = tiles[index] * width * height
        return GrayImage(width: width, height: height, pixels: Array(pixels[start..<start + width * height]))
    }
}
