import Foundation
import Imaging
import LikenessInterface
import Synchronization

/// The worker threads and the queue in front of them.
final class WorkerPool: Sendable {
    /// The most probes that are embedded together. More would make the first wait for the last to be prepared.
    static let batch = 4
    /// Deep enough for the C libraries, whatever the system's default.
    private static let stackBytes = 8 << 20

    let workers: Int
    private let queue: WorkQueue
    private let activity = WorkerActivity()

    /// Starts the threads, each with a session of every model.
    ///
    /// - Throws: ``ServiceStartError`` when a thread cannot make its sessions.
    init(workers: Int, queueLength: Int, embedders: [any Embedder], limits: DecodingLimits) async throws(ServiceStartError) {
        self.workers = workers
        queue = WorkQueue(limit: queueLength, workers: workers)
        for number in 0..<workers {
            if let failure = await start(number, embedders: embedders, limits: limits) {
                queue.close()
                throw failure
            }
        }
    }

    deinit {
        queue.close()
    }

    /// How many requests wait, and how many may.
    var waiting: Int { queue.count }
    var limit: Int { queue.limit }

    /// The longest that a worker has been at one image, or at embedding one batch.
    var longestWork: Duration { activity.longest }

    /// Has a worker embed an image. A request whose task is cancelled before a worker begins it is dropped.
    ///
    /// - Throws: ``ServiceFailure``, at once when the queue is full; `CancellationError` when it was dropped.
    func embed(_ request: ProbeRequest) async throws -> Probe {
        let place = QueuePlace()
        let result: Result<Probe, ServiceFailure>? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                do throws(ServiceFailure) {
                    let number = try queue.add(WorkQueue.Job(request: request) { continuation.resume(returning: $0) })
                    place.number.withLock { $0 = number }
                    // Cancelled before there was anything to withdraw.
                    if Task.isCancelled { queue.withdraw(number) }
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        } onCancel: {
            if let number = place.number.withLock({ $0 }) { queue.withdraw(number) }
        }
        guard let result else { throw CancellationError() }
        return try result.get()
    }

    /// Takes no further request; the threads end when those that wait are done.
    func close() {
        queue.close()
    }

    private func start(_ number: Int, embedders: [any Embedder], limits: DecodingLimits) async -> ServiceStartError? {
        await withCheckedContinuation { continuation in
            let thread = Thread { [queue, activity] in
                let worker: ProbeWorker
                do throws(ServiceStartError) {
                    worker = try ProbeWorker(embedders: embedders, limits: limits)
                } catch {
                    return continuation.resume(returning: error)
                }
                continuation.resume(returning: nil)
                while let jobs = queue.next(atMost: Self.batch) {
                    worker.work(on: jobs) { activity.begin(number) }
                    activity.end(number)
                }
            }
            thread.name = "embed \(number)"
            thread.stackSize = Self.stackBytes
            thread.start()
        }
    }
}

/// Where a request waits, once it does.
private final class QueuePlace: Sendable {
    let number = Mutex<Int?>(nil)
}

/// When each worker that is busy began what it does now.
private final class WorkerActivity: Sendable {
    private let begun = Mutex<[Int: ContinuousClock.Instant]>([:])

    func begin(_ worker: Int) {
        begun.withLock { $0[worker] = .now }
    }

    func end(_ worker: Int) {
        begun.withLock { $0[worker] = nil }
    }

    var longest: Duration {
        let now = ContinuousClock.now
        return begun.withLock { $0.values.map { $0.duration(to: now) }.max() ?? .zero }
    }
}
