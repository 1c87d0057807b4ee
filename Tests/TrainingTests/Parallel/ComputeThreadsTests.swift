// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

@Suite("Threads that compute")
struct ComputeThreadsTests {
    @Test("Parts cover everything once, in order, cut at the granularity", arguments: [1, 2, 3, 7])
    func parts(count: Int) {
        let threads = ComputeThreads(count: count)
        for total in [0, 1, 5, 16, 17, 100, 1000] {
            for granularity in [1, 4, 16] {
                var next = 0
                for share in 0..<count {
                    let part = threads.part(share, of: total, granularity: granularity)
                    #expect(part.lowerBound == next)
                    #expect(part.lowerBound % granularity == 0 || part.isEmpty)
                    next = part.upperBound
                }
                #expect(next == total)
            }
        }
    }

    @Test("Every share of every task is done once, on its own thread")
    func tasks() {
        let threads = ComputeThreads(count: 4)
        let done = UnsafeMutablePointer<Int>.allocate(capacity: 4)
        defer { done.deallocate() }
        done.initialize(repeating: 0, count: 4)
        for task in 1...2000 {
            threads.run { share in done[share] += share + 1 }
            #expect((0..<4).allSatisfy { done[$0] == task * ($0 + 1) })
        }
    }
}
