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

    /// - Parameter store: where tiles of earlier runs are looked for.
    func run(
        width: Int, height: Int, decoding: DecodingLimits, store: TileStore?, threads: Int,
        progress: (@Sendable (Int, Int) -> Void)?,
        prepare: @escaping @Sendable (RGBImage) throws -> GrayImage
    ) -> Result {
        let shared = Shared(Result(pixels: Array(repeating: 0, count: tileCount * tileBytes)))
        let threads = max(1, min(threads, jobs.count)), jobs = jobs, tileBytes = tileBytes
        let stored = store.map { (store: $0, tiles: $0.tiles(bytes: tileBytes)) }
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for index in stride(from: thread, to: jobs.count, by: threads) {
                let job = jobs[index]
                let outcomes = Self.outcomes(
                    of: job, width: width, height: height, decoding: decoding, stored: stored, prepare: prepare)
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

    private static func outcomes(
        of job: Job, width: Int, height: Int, decoding: DecodingLimits,
        stored: (store: TileStore, tiles: TileStore.Tiles)?,
        prepare: (RGBImage) throws -> GrayImage
    ) -> [Swift.Result<Tile, Refusal>] {
        // Decoded once, when the first tile that is not stored asks for it.
        var decoded: Swift.Result<RGBImage, any Error>?
        do {
            let content = try Content(job.source, decoding: decoding)
            return job.tiles.map { tile in
                do {
                    let key = try stored.map { $0.store.key(of: try content.basis(), orientation: tile.orientation) }
                    if let key, let pixels = stored?.tiles[key] { return .success(Tile(pixels: pixels, freshKey: nil)) }
                    let image = decoded ?? Swift.Result { try content.image(decoding) }
                    decoded = image
                    let prepared = try prepare(image.get().oriented(tile.orientation))
                    guard prepared.width == width, prepared.height == height else {
                        return .failure(
                            Refusal(
                                cause: "its preparation gave \(prepared.width) × \(prepared.height) pixels in place of "
                                    + "\(width) × \(height)"))
                    }
                    return .success(Tile(pixels: prepared.pixels, freshKey: key))
                } catch {
                    return .failure(Refusal(cause: "\(error)"))
                }
            }
        } catch {
            return job.tiles.map { _ in .failure(Refusal(cause: "\(error)")) }
        }
    }

    /// What an image is made of.
    private enum Content {
        case file([UInt8])
        case generated(name: String, basis: () throws -> String, render: () throws -> RGBImage)

        init(_ source: ImageSource, decoding: DecodingLimits) throws {
            self =
                switch source {
                case .file(let path): .file(try BoundedFile.read(path, limit: decoding.maximumFileBytes, noun: "image"))
                case .generated(let name, let basis, let render): .generated(name: name, basis: basis, render: render)
                }
        }

        /// All that it is made of, as bytes.
        func basis() throws -> [UInt8] {
            switch self {
            case .file(let bytes): bytes
            case .generated(let name, let basis, _): Array("\(name)\u{0}\(try basis())".utf8)
            }
        }

        func image(_ limits: DecodingLimits) throws -> RGBImage {
            switch self {
            case .file(let bytes): try RGBImage(decoding: bytes, limits: limits)
            case .generated(_, _, let render): try render()
            }
        }
    }
}
