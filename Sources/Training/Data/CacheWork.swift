// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Imaging
import Synchronization

/// What an ``ImageCache`` has to decode and prepare: each source once, each orientation of it once.
struct CacheWork {
    private struct Key: Hashable {
        let name: String
        let orientation: ImageOrientation
    }

    private struct Job: Sendable {
        let source: ImageSource
        var tiles: [(number: Int, orientation: ImageOrientation)]
    }

    /// For each image the number of its tile.
    let tiles: [Int]
    private let tileCount: Int
    private let tileBytes: Int
    private let jobs: [Job]

    init(_ images: [LabeledImage], tileBytes: Int) {
        var numbers: [Key: Int] = [:], jobNumbers: [String: Int] = [:]
        var jobs: [Job] = [], tiles: [Int] = []
        for image in images {
            let name = image.source.name
            let key = Key(name: name, orientation: image.orientation)
            if let number = numbers[key] {
                tiles.append(number)
                continue
            }
            let number = numbers.count
            numbers[key] = number
            tiles.append(number)
            if let job = jobNumbers[name] {
                jobs[job].tiles.append((number, image.orientation))
            } else {
                jobNumbers[name] = jobs.count
                jobs.append(Job(source: image.source, tiles: [(number, image.orientation)]))
            }
        }
        self.tiles = tiles
        self.tileBytes = tileBytes
        self.jobs = jobs
        tileCount = numbers.count
    }

    func check(maximumBytes: Int) throws(DataSetError) {
        let (bytes, overflows) = tileCount.multipliedReportingOverflow(by: tileBytes)
        guard !overflows, bytes <= maximumBytes else {
            throw .tooLarge(
                reason:
                    "\(tileCount) images of \(tileBytes) pixels each take more than the \(maximumBytes) bytes allowed; "
                    + "use fewer or smaller images, or allow more")
        }
    }

    struct Result: Sendable {
        var pixels: [UInt8]
        /// Why a tile could not be made, by its number.
        var causes: [Int: String] = [:]
        /// Why nothing can be decoded, whatever the image; nil where something can.
        var failure: ImagingError?
        /// The tiles that a store did not have yet, by number.
        var fresh: [(number: Int, key: TileStore.Key)] = []
        fileprivate var done = 0
    }

    /// A place that the threads share; a class, because a mutex cannot be captured by value.
    private final class Shared: Sendable {
        let result: Mutex<Result>

        init(_ result: Result) {
            self.result = Mutex(result)
        }
    }

    /// - Parameters:
    ///   - decoding: where images are decoded.
    ///   - store: where tiles of earlier runs are looked for.
    func run(
        width: Int, height: Int, limits: DecodingLimits, decoding: any PictureDecoding, store: TileStore?, threads: Int,
        progress: (@Sendable (Int, Int) -> Void)?,
        prepare: @escaping @Sendable (RGBImage) throws -> GrayImage
    ) -> Result {
        let shared = Shared(Result(pixels: Array(repeating: 0, count: tileCount * tileBytes)))
        let threads = max(1, min(threads, jobs.count)), jobs = jobs, tileBytes = tileBytes
        let stored = store.map { (store: $0, tiles: $0.tiles(bytes: tileBytes)) }
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            let reader = decoding.makeReader(limits: limits)
            for index in stride(from: thread, to: jobs.count, by: threads) {
                let job = jobs[index]
                let outcomes: [Swift.Result<Tile, Refusal>]
                do throws(ImagingError) {
                    outcomes = try Self.outcomes(
                        of: job, width: width, height: height, limits: limits, reader: reader, stored: stored,
                        prepare: prepare)
                } catch {
                    return shared.result.withLock { $0.failure = error }
                }
                let done = shared.result.withLock { result in
                    for (tile, outcome) in zip(job.tiles, outcomes) {
                        switch outcome {
                        case .success(let made):
                            let start = tile.number * tileBytes
                            result.pixels.replaceSubrange(start..<start + tileBytes, with: made.pixels)
                            if let key = made.freshKey { result.fresh.append((tile.number, key)) }
                        case .failure(let refusal): result.causes[tile.number] = refusal.cause
                        }
                    }
                    result.done += 1
                    return result.done
                }
                progress?(done, jobs.count)
            }
        }
        return shared.result.withLock { result in
            defer { result.pixels = [] }
            return result
        }
    }

    private struct Refusal: Error {
        let cause: String
    }

    private struct Tile {
        let pixels: [UInt8]
        /// The key by which it is to be stored; nil where it is stored already, or nothing is.
        let freshKey: TileStore.Key?
    }

    /// - Throws: ``ImagingError/decoderUnavailable(reason:)`` alone.
    private static func outcomes(
        of job: Job, width: Int, height: Int, limits: DecodingLimits, reader: any PictureReader,
        stored: (store: TileStore, tiles: TileStore.Tiles)?,
        prepare: (RGBImage) throws -> GrayImage
    ) throws(ImagingError) -> [Swift.Result<Tile, Refusal>] {
        // Decoded once, when the first tile that is not stored asks for it.
        var decoded: Swift.Result<RGBImage, any Error>?
        let content: Content
        do {
            content = try Content(job.source, limits: limits)
        } catch {
            return job.tiles.map { _ in .failure(Refusal(cause: "\(error)")) }
        }
        return try job.tiles.map { tile throws(ImagingError) in
            do {
                let key = try stored.map { $0.store.key(of: try content.basis(), orientation: tile.orientation) }
                if let key, let pixels = stored?.tiles[key] { return .success(Tile(pixels: pixels, freshKey: nil)) }
                let image = decoded ?? Swift.Result { try content.image(by: reader) }
                decoded = image
                let prepared = try prepare(image.get().oriented(tile.orientation))
                guard prepared.width == width, prepared.height == height else {
                    return .failure(
                        Refusal(
                            cause: "its preparation gave \(prepared.width) × \(prepared.height) pixels in place of "
                                + "\(width) × \(height)"))
                }
                return .success(Tile(pixels: prepared.pixels, freshKey: key))
            } catch ImagingError.decoderUnavailable(let reason) {
                throw .decoderUnavailable(reason: reason)
            } catch {
                return .failure(Refusal(cause: "\(error)"))
            }
        }
    }

    /// What an image is made of.
    private enum Content {
        case file([UInt8], name: String)
        case generated(name: String, basis: () throws -> String, render: () throws -> RGBImage)

        init(_ source: ImageSource, limits: DecodingLimits) throws {
            self =
                switch source {
                case .file(let path):
                    .file(try BoundedFile.read(path, limit: limits.maximumFileBytes, noun: "image"), name: path)
                case .generated(let name, let basis, let render): .generated(name: name, basis: basis, render: render)
                }
        }

        /// All that it is made of, as bytes.
        func basis() throws -> [UInt8] {
            switch self {
            case .file(let bytes, _): bytes
            case .generated(let name, let basis, _): Array("\(name)\u{0}\(try basis())".utf8)
            }
        }

        func image(by reader: any PictureReader) throws -> RGBImage {
            switch self {
            case .file(let bytes, let name): try reader.image(of: bytes, name: name)
            case .generated(_, _, let render): try render()
            }
        }
    }
}
