// SPDX-License-Identifier: Apache-2.0

import Decoding
import Foundation
import Imaging
import LikenessInterface
import Logging
import Monitoring
import NeuralNet
import Synchronization

/// The worker threads and the queue in front of them.
///
/// A worker that is at one image for longer than is reasonable cannot be ended, being a thread. It is given up: its
/// caller gets an error and another worker takes its place, so that neither the other callers nor the service manager's
/// watchdog wait for it. When several are given up and none comes back, no more are replaced, and ``longestWork``
/// tells.
final class WorkerPool: Sendable {
    /// The most probes that are embedded together. More would make the first wait for the last to be prepared.
    static let batch = 4
    /// How many workers may be given up at a time, beside as many as there are.
    private static let spareWorkers = 2

    let workers: Int
    private let queue: WorkQueue
    private let activity = WorkerActivity()
    private let embedders: [any Embedder]
    private let limits: DecodingLimits
    private let decoder: DecoderProgram?
    private let timeout: Duration
    private let logger: Logger?
    private let metrics: ServiceMetrics
    private let watch = Mutex<Task<Void, Never>?>(nil)

    /// Starts the threads, each with a session of every model and a decoder.
    ///
    /// - Parameter timeout: how long a worker may be at one image.
    /// - Throws: ``ServiceStartError`` when a thread cannot make its sessions.
    init(
        workers: Int, queueLength: Int, embedders: [any Embedder], limits: DecodingLimits,
        decoder: DecoderProgram? = nil, timeout: Duration = .seconds(60), logger: Logger? = nil,
        metrics: ServiceMetrics
    ) async throws(ServiceStartError) {
        self.workers = workers
        self.embedders = embedders
        self.limits = limits
        self.decoder = decoder
        self.timeout = timeout
        self.logger = logger
        self.metrics = metrics
        queue = WorkQueue(limit: queueLength, workers: workers)
        for number in 0..<workers {
            if let failure = await start(number) {
                queue.close()
                throw failure
            }
        }
        watch.withLock { [timeout] in
            $0 = Task { [weak self] in
                var next = workers
                while true {
                    do { try await Task.sleep(for: min(timeout / 4, .seconds(1))) } catch { return }
                    guard let self else { return }
                    await replaceOverdue(next: &next)
                }
            }
        }
    }

    deinit {
        close()
    }

    /// How many requests wait, and how many may.
    var waiting: Int { queue.count }
    var limit: Int { queue.limit }
    /// Those that wait, by the caller's user.
    var waitingByUser: [UInt32: Int] { queue.countByUser }

    /// The longest that a worker has been at one image, at one of its faces where all are asked for, or at embedding one
    /// batch.
    var longestWork: Duration { activity.longest }

    /// Has a worker look at an image. A request whose task is cancelled before a worker begins it is dropped; one that a
    /// worker is at is ended as soon as may be.
    ///
    /// - Throws: ``ServiceFailure``, at once when the queue is full; `CancellationError` when it was dropped.
    func look(_ request: ProbeRequest) async throws -> ProbedPicture {
        let slot = QueuePosition(), life = JobLife()
        let result: Result<ProbedPicture, ServiceFailure>? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                do throws(ServiceFailure) {
                    let number = try queue.add(
                        WorkQueue.Job(request: request, life: life) { continuation.resume(returning: $0) })
                    slot.number.withLock { $0 = number }
                    // Cancelled before there was anything to withdraw.
                    if Task.isCancelled { queue.withdraw(number) }
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        } onCancel: {
            life.abandon()
            if let number = slot.number.withLock({ $0 }) { queue.withdraw(number) }
        }
        guard let result else { throw CancellationError() }
        return try result.get()
    }

    /// Takes no further request; the threads end when those that wait are done.
    func close() {
        queue.close()
        watch.withLock { $0 }?.cancel()
    }

    private func start(_ number: Int) async -> ServiceStartError? {
        await withCheckedContinuation { continuation in
            ComputeThread.start("embed \(number)") { [queue, activity, embedders, limits, decoder, logger, metrics] in
                let worker: ProbeWorker
                do throws(ServiceStartError) {
                    worker = try ProbeWorker(
                        embedders: embedders, limits: limits, decoder: decoder, logger: logger, metrics: metrics)
                } catch {
                    return continuation.resume(returning: error)
                }
                continuation.resume(returning: nil)
                while let jobs = queue.next(atMost: Self.batch) {
                    // A core is taken while a picture is decoded too, by the decoder.
                    SpareCores.shared.occupy {
                        worker.work(on: jobs) { activity.begin(number, current: $0, all: jobs) }
                    }
                    guard activity.end(number) else { return }
                }
            }
        }
    }

    /// Puts others in the place of workers that do not come back.
    ///
    /// - Parameter next: the number of the next worker.
    private func replaceOverdue(next: inout Int) async {
        for worker in activity.overdue(timeout) {
            guard activity.givenUp < workers + Self.spareWorkers else { return }
            guard let work = activity.giveUp(worker, after: timeout) else { continue }
            let seconds = timeout.components.seconds
            logger?.error(
                "A worker was at one image for more than \(seconds) seconds; it is given up, and another takes its place",
                metadata: JournalEvent.workerGivenUp.metadata)
            for job in work.current {
                // The thread goes on until it looks.
                job.life.abandon()
                job.answer(
                    .failure(
                        .imageRejected(
                            cause: "too_much_work",
                            message:
                                "working on the image took longer than \(seconds) seconds, which is the most; send a smaller or simpler picture"
                        )))
            }
            for job in work.all { job.answer(.failure(.busy(limit: queue.limit))) }
            let number = next
            next += 1
            if let failure = await start(number) {
                logger?.error("No worker can take its place: \(failure)")
                // A place that is empty counts as a worker that does not come back, and is tried again as such.
                _ = activity.begin(number, current: [], all: [])
            }
        }
    }
}

/// Where a request waits, once it does.
private final class QueuePosition: Sendable {
    let number = Mutex<Int?>(nil)
}
