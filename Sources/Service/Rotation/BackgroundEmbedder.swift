// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Dispatch
import Foundation
import Gallery
import Imaging
import LikenessInterface
import NeuralNet
import Recognition
import Synchronization

/// Embeds kept images on one thread of its own, which the system runs below those that answer callers.
///
/// The thread is nicer than they are by 5: beside busy workers it gets about a third of what one of them gets, and whatever
/// nobody else wants. It is never starved, so that a rotation ends on a host that is always busy.
final class BackgroundEmbedder: Sendable {
    /// By how much the thread's priority is below the others'.
    private static let niceness: Int32 = 5

    let embedder: any Embedder
    private let jobs = Mutex<[Job]?>([])
    private let arrivals = DispatchSemaphore(value: 0)

    private struct Job {
        let images: [[UInt8]?]
        let finish: @Sendable ([EmbeddingOutcome]) -> Void
    }

    /// - Parameter decoding: where the images are decoded. They may have come with an archive, from anybody.
    init(_ embedder: any Embedder, decoding: any PictureDecoding, limits: DecodingLimits) {
        self.embedder = embedder
        ComputeThread.start("re-embed", niceness: Self.niceness) { [weak self, arrivals] in
            let reader = decoding.makeReader(limits: limits)
            var session: (any EmbedderSession)?
            while true {
                arrivals.wait()
                // Nobody waits for what it would do any more.
                guard let job = self?.nextJob() else { return }
                do {
                    let usable = try session ?? embedder.makeSession()
                    session = usable
                    job.finish(job.images.map { Self.outcome(of: $0, with: usable, reader) })
                } catch {
                    job.finish(job.images.map { _ in .refused(reason: "the model cannot be used: \(error)") })
                }
            }
        }
    }

    /// What the model makes of kept images, in their order.
    func outcomes(of images: [[UInt8]?]) async -> [EmbeddingOutcome] {
        await withCheckedContinuation { continuation in
            let isOpen = jobs.withLock { jobs in
                jobs?.append(Job(images: images) { continuation.resume(returning: $0) })
                return jobs != nil
            }
            if isOpen {
                arrivals.signal()
            } else {
                continuation.resume(returning: images.map { _ in .refused(reason: "the daemon stops") })
            }
        }
    }

    /// The job that was added longest ago, of which there is one for each signal; nil once it is closed.
    private func nextJob() -> Job? {
        jobs.withLock { jobs in jobs?.isEmpty ?? true ? nil : jobs?.removeFirst() }
    }

    /// Ends the thread once it has done what it was given.
    func close() {
        let left = jobs.withLock { jobs in jobs.take() ?? [] }
        for job in left { job.finish(job.images.map { _ in .refused(reason: "the daemon stops") }) }
        arrivals.signal()
    }

    deinit {
        arrivals.signal()
    }

    private static func outcome(
        of file: [UInt8]?, with session: any EmbedderSession, _ reader: any PictureReader
    ) -> EmbeddingOutcome {
        guard let file else { return .refused(reason: "no image of it is kept, or it is damaged") }
        do {
            let sample = try session.prepare(kept: try reader.image(of: file, name: "a kept image"))
            guard let embedding = try session.embed([sample]).first else {
                return .refused(reason: "the model made nothing of it")
            }
            return .embedded(embedding)
        } catch let error as ImagingError {
            return .refused(reason: "the kept image cannot be read: \(error)")
        } catch let error as RecognitionError {
            return .refused(reason: "\(ServiceFailure(error))")
        } catch {
            return .refused(reason: "\(error)")
        }
    }
}
