// SPDX-License-Identifier: Apache-2.0

import Biometrics
import LikenessInterface
import ProgramHarness
import Service
import Synchronization
import Testing

@Suite("The queue in front of the workers")
struct WorkQueueTests {
    private func job(
        _ caller: UInt32, _ name: String, _ modality: Modality = .face, finish: @escaping @Sendable () -> Void = {}
    ) -> WorkQueue.Job {
        WorkQueue.Job(
            request: ProbeRequest(
                modality: modality, image: name, takesLargestFace: false, purpose: .comparison, caller: caller)
        ) { _ in finish() }
    }

    private func finish(_ jobs: [WorkQueue.Job]?) {
        for job in jobs ?? [] { job.finish(.failure(.stopping)) }
    }

    private func names(_ jobs: [WorkQueue.Job]?) -> [String] { jobs?.map(\.request.image) ?? ["none"] }

    @Test("Callers are served in turn, each caller's requests in their order, however many one of them has waiting")
    func turns() throws {
        let queue = WorkQueue(limit: 16, workers: 1, attention: .seconds(3600), unbound: [])
        for name in ["a1", "a2", "a3", "a4"] { _ = try queue.add(job(1, name)) }
        for name in ["b1", "b2"] { _ = try queue.add(job(2, name)) }
        _ = try queue.add(job(3, "c1"))
        var served: [String] = []
        for _ in 0..<7 {
            let jobs = queue.next(atMost: 4)
            served += names(jobs)
            finish(jobs)
        }
        #expect(served == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"])
    }

    @Test("A caller has no more than half the places; the others have theirs, and some are root's")
    func shares() throws {
        let queue = WorkQueue(limit: 16, workers: 1, unbound: [0])
        for number in 0..<8 { _ = try queue.add(job(1, "\(number)")) }
        #expect(throws: ServiceFailure.busyWithCaller(limit: 8)) { try queue.add(job(1, "more")) }
        for number in 0..<7 { _ = try queue.add(job(2, "\(number)")) }
        #expect(throws: ServiceFailure.busy(limit: 16)) { try queue.add(job(3, "more")) }
        _ = try queue.add(job(0, "root's"))
        #expect(throws: ServiceFailure.busy(limit: 16)) { try queue.add(job(0, "more")) }
        #expect(queue.count == 16)
    }

    @Test(
        "A caller whose requests fill the workers leaves one to a caller who asked lately, and takes it when none did")
    func lastWorker() async throws {
        let queue = WorkQueue(limit: 16, workers: 2, attention: .seconds(3600), unbound: [])
        _ = try queue.add(job(2, "b1"))
        finish(queue.next(atMost: 1))
        for name in ["a1", "a2"] { _ = try queue.add(job(1, name)) }
        let first = queue.next(atMost: 1)
        #expect(names(first) == ["a1"])
        let second = Mutex<[String]?>(nil)
        async let waiting: Void = OwnThread.run {
            let jobs = queue.next(atMost: 1)
            second.withLock { $0 = self.names(jobs) }
        }
        try await Task.sleep(for: .milliseconds(50))
        #expect(second.withLock { $0 } == nil)
        _ = try queue.add(job(2, "b2"))
        try await waiting
        #expect(second.withLock { $0 } == ["b2"])
        finish(first)
        #expect(names(queue.next(atMost: 1)) == ["a2"])

        let alone = WorkQueue(limit: 16, workers: 2, attention: .zero, unbound: [])
        _ = try alone.add(job(2, "b1"))
        finish(alone.next(atMost: 1))
        for name in ["a1", "a2"] { _ = try alone.add(job(1, name)) }
        #expect(names(alone.next(atMost: 1)) + names(alone.next(atMost: 1)) == ["a1", "a2"])
    }

    @Test("What is embedded together is of one caller and one modality")
    func batches() throws {
        let queue = WorkQueue(limit: 32, workers: 1, attention: .zero, unbound: [])
        for name in ["a1", "a2"] { _ = try queue.add(job(1, name)) }
        _ = try queue.add(job(1, "a3", .signature))
        for name in ["a4", "a5", "a6", "a7", "a8"] { _ = try queue.add(job(1, name)) }
        var served: [[String]] = []
        while queue.count > 0 {
            let jobs = queue.next(atMost: 4)
            served.append(names(jobs))
            finish(jobs)
        }
        #expect(served == [["a1", "a2"], ["a3"], ["a4", "a5", "a6", "a7"], ["a8"]])
    }

    @Test(
        "A request that is withdrawn is finished and not worked on; a queue that is closed gives out what it holds, and ends"
    )
    func endings() throws {
        let queue = WorkQueue(limit: 8, workers: 2, attention: .seconds(3600), unbound: [])
        let isFinished = Mutex(false)
        let number = try queue.add(job(1, "a1") { isFinished.withLock { $0 = true } })
        for name in ["a2", "a3"] { _ = try queue.add(job(1, name)) }
        _ = try queue.add(job(2, "b1"))
        queue.withdraw(number)
        queue.withdraw(number)
        #expect(isFinished.withLock { $0 })
        queue.close()
        #expect(throws: ServiceFailure.stopping) { try queue.add(job(1, "a4")) }
        #expect((0..<3).flatMap { _ in names(queue.next(atMost: 1)) }.sorted() == ["a2", "a3", "b1"])
        #expect(queue.next(atMost: 1) == nil)
    }
}
