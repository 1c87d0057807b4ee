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

    init(_ images: [LabelledImage], tileBytes: Int) {
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
                reason: "\(tileCount) images of \(tileBytes) pixels each take more than the \(maximumBytes) bytes allowed; "
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
        width: Int, height: Int, decoding: DecodingLimits, store: TileStore?, threads: Int, progress: (@Sendable (Int, Int) -> Void)?,
        prepare: @escaping @Sendable (RGBImage) throws -> GrayImage
    ) -> Result {
        let shared = Shared(Result(pixels: Array(repeating: 0, count: tileCount * tileBytes)))
        let threads = max(1, min(threads, jobs.count)), jobs = jobs, tileBytes = tileBytes
        let kept = store.map { (store: $0, tiles: $0.tiles(bytes: tileBytes)) }
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for index in stride(from: thread, to: jobs.count, by: threads) {
                let job = jobs[index]
                let outcomes = Self.outcomes(of: job, width: width, height: height, decoding: decoding, kept: kept, prepare: prepare)
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
        /// The key by which it is to be kept; nil where it is kept already, or nothing is.
        var freshKey: TileStore.Key?
    }

    private static func outcomes(
        of job: Job, width: Int, height: Int, decoding: DecodingLimits, kept: (store: TileStore, tiles: TileStore.Tiles)?,
        prepare: (RGBImage) throws -> GrayImage
    ) -> [Swift.Result<Tile, Refusal>] {
        // Decoded when the first tile that is not kept asks for it.
        var decoded: RGBImage?
        do {
            let content = try Content(job.source, decoding: decoding)
            return job.tiles.map { tile in
                let key = kept?.store.key(of: content.bytes, orientation: tile.orientation)
                if let key, let pixels = kept?.tiles[key] { return .success(Tile(pixels: pixels)) }
                do {
                    let image = try decoded ?? content.image(decoding)
                    decoded = image
                    let prepared = try prepare(image.oriented(tile.orientation))
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
    private struct Content {
        let bytes: [UInt8]
        private let render: (@Sendable () throws -> RGBImage)?

        init(_ source: ImageSource, decoding: DecodingLimits) throws {
            switch source {
            case .file(let path):
                bytes = try BoundedFile.read(path, limit: decoding.maximumFileBytes, noun: "image")
                render = nil
            case .generated(let name, let basis, let render):
                bytes = Array("\(name)\u{0}\(basis)".utf8)
                self.render = render
            }
        }

        func image(_ limits: DecodingLimits) throws -> RGBImage { try render?() ?? RGBImage(decoding: bytes, limits: limits) }
    }
}
