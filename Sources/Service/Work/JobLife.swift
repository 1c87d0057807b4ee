// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Synchronization

/// Whether somebody still waits for a job, and whether it has been answered.
final class JobLife: Sendable {
    private let abandoned = Atomic(false)
    private let answered = Atomic(false)

    /// Nobody waits for the job any more: a worker that is at it may end it.
    func abandon() { abandoned.store(true, ordering: .relaxed) }

    var isAbandoned: Bool { abandoned.load(ordering: .relaxed) }

    /// Whether the answer is the first, and the one to give: a worker that was given up may still come to its own.
    func takesAnswer() -> Bool { !answered.exchange(true, ordering: .relaxed) }
}

extension WorkQueue.Job {
    /// Answers the job, unless that was done before.
    func answer(_ result: Result<ProbedPicture, ServiceFailure>?) {
        if life.takesAnswer() { finish(result) }
    }
}
