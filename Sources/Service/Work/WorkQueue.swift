import Biometrics
import Dispatch
import LikenessInterface
import Synchronization

/// Requests that wait for a worker, the longest waiting first; no more than a stated number.
///
/// Workers are threads that block here, so that what they compute, for tens of milliseconds and more, holds up
/// neither the event loops nor the threads of Swift's tasks.
final class WorkQueue: Sendable {
    struct Job: Sendable {
        let request: ProbeRequest
        /// Whether somebody still waits for it.
        var life = JobLife()
        /// Called once, on the worker's thread; with nil, by whoever withdraws the job.
        let finish: @Sendable (Result<Probe, ServiceFailure>?) -> Void
    }

    private struct State {
        /// By the order of their arrival; withdrawn jobs leave gaps.
        var waiting: [Int: Job] = [:]
        var first = 0
        var next = 0
        var closed = false
    }

    /// The most jobs that wait.
    let limit: Int
    private let workers: Int
    private let state = Mutex(State())
    /// Signalled once for each job that was added, so that it may be ahead of what still waits, never behind.
    private let arrivals = DispatchSemaphore(value: 0)

    init(limit: Int, workers: Int) {
        self.limit = limit
        self.workers = workers
    }

    var count: Int { state.withLock { $0.waiting.count } }

    /// Returns the number to withdraw the job by.
    /// - Throws: ``ServiceFailure/busy(limit:)``, or ``ServiceFailure/stopping`` once the queue is closed.
    func add(_ job: Job) throws(ServiceFailure) -> Int {
        let result = state.withLock { state -> Result<Int, ServiceFailure> in
            guard !state.closed else { return .failure(.stopping) }
            guard state.waiting.count < limit else { return .failure(.busy(limit: limit)) }
            let number = state.next
            state.next += 1
            state.waiting[number] = job
            return .success(number)
        }
        let number = try result.get()
        arrivals.signal()
        return number
    }

    /// Takes back a job that no worker has begun; it is finished with nil.
    func withdraw(_ number: Int) {
        let job = state.withLock { $0.waiting.removeValue(forKey: number) }
        job?.finish(nil)
    }

    /// Waits for the next jobs, all of one modality: several when more wait than there are workers, so that they
    /// are embedded together. Nil once the queue is closed and empty.
    func next(atMost batch: Int) -> [Job]? {
        while true {
            arrivals.wait()
            let (jobs, ended) = state.withLock { state in
                let share = max(1, min(batch, state.waiting.count / workers))
                var jobs: [Job] = []
                while state.first < state.next, jobs.count < share {
                    guard let job = state.waiting[state.first] else {
                        state.first += 1
                        continue
                    }
                    if let modality = jobs.first?.request.modality, modality != job.request.modality { break }
                    jobs.append(job)
                    state.waiting.removeValue(forKey: state.first)
                    state.first += 1
                }
                return (jobs, state.closed)
            }
            if !jobs.isEmpty { return jobs }
            if ended { return nil }
        }
    }

    /// Takes no further job; what waits is still worked on, and then the workers end.
    func close() {
        let wasOpen = state.withLock { state in
            defer { state.closed = true }
            return !state.closed
        }
        if wasOpen { for _ in 0..<workers { arrivals.signal() } }
    }
}
