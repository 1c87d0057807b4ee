// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Foundation
import Imaging
import NeuralNet
import Synchronization
import Wording

/// Reads, decodes and embeds many images, on all cores.
public struct SampleAcquisition: Sendable {
    /// What became of an image.
    public enum Outcome: Sendable {
        case embedding(Embedding, picture: PictureDigest)
        /// A failure to acquire: the image cannot be used, and why.
        case refused(String)
    }

    /// Names a decoded picture, whatever file it comes from: a data set that holds one twice would have it compared
    /// with itself.
    public struct PictureDigest: Sendable, Hashable {
        private let bytes: [UInt8]

        init(_ picture: RGBImage) {
            var hash = SHA256()
            hash.update(data: Array("\(picture.width)×\(picture.height)".utf8))
            picture.pixels.withUnsafeBytes { hash.update(bufferPointer: $0) }
            bytes = Array(hash.finalize())
        }
    }

    private let recognizer: Recognizer
    private let decoding: any PictureDecoding
    private let change: (@Sendable (RGBImage) throws(RecognitionError) -> RGBImage)?

    /// - Parameters:
    ///   - decoding: where the images are decoded.
    ///   - change: makes of each decoded image what the model's preparation gets in its place.
    public init(
        recognizer: Recognizer, decoding: any PictureDecoding,
        change: (@Sendable (RGBImage) throws(RecognitionError) -> RGBImage)? = nil
    ) {
        self.recognizer = recognizer
        self.decoding = decoding
        self.change = change
    }

    /// What the workers share: the next image to take, and how many are done.
    private final class Counters: Sendable {
        let next = Atomic(0)
        let done = Atomic(0)
    }

    /// One outcome for each image, in their order. An image of poor quality is refused, because no decision would
    /// rest on it; of several faces the largest is taken.
    ///
    /// - Parameter progress: is called with the number of images done, from any thread.
    /// - Throws: ``RecognitionError`` when the engine itself fails, or nothing can be decoded.
    public func embed(
        _ images: [Calibrator.Image], progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> [Outcome] {
        // One session a core; threads of the product inside them would only wait for each other.
        BLAS.useSingleThread()
        let counters = Counters()
        let results = try await withThrowingTaskGroup(of: [(Int, Outcome)].self) { group in
            for _ in 0..<max(1, min(ProcessInfo.processInfo.activeProcessorCount, images.count)) {
                group.addTask {
                    let session = try recognizer.makeSession(), reader = decoding.makeReader(limits: .default)
                    var results: [(Int, Outcome)] = []
                    while !Task.isCancelled {
                        let index = counters.next.wrappingAdd(1, ordering: .relaxed).oldValue
                        guard index < images.count else { break }
                        results.append((index, try embed(images[index], with: session, reader)))
                        progress(counters.done.wrappingAdd(1, ordering: .relaxed).newValue, images.count)
                    }
                    try Task.checkCancellation()
                    return results
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return results.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private func embed(
        _ image: Calibrator.Image, with session: RecognizerSession, _ reader: any PictureReader
    ) throws -> Outcome {
        let bytes: [UInt8]
        do {
            bytes = try image.read()
        } catch {
            return .refused("it cannot be read: \(SystemReason.of(error))")
        }
        do throws(RecognitionError) {
            var pixels: RGBImage
            do {
                pixels = try reader.image(of: bytes, name: image.name)
            } catch {
                throw .imageRejected(error)
            }
            let picture = PictureDigest(pixels)
            if let change { pixels = try change(pixels) }
            let sample = try session.prepare(pixels, largest: true)
            guard sample.isAcceptable else {
                return .refused(sample.defects.map(\.description).joined(separator: "; "))
            }
            return .embedding(try session.embed(sample), picture: picture)
        } catch {
            switch error {
            case .imageRejected(.decoderUnavailable): throw error
            case .imageRejected, .noFace, .severalFaces, .landmarksUnusable: return .refused(error.description)
            case .embeddingUnusable(let reason):
                throw RecognitionError.embeddingUnusable("\(reason), for the image “\(image.name)”")
            case .wrongSampleSize, .network, .internalFailure: throw error
            }
        }
    }
}
