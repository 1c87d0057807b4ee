// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import Testing

@Suite(.serialized) struct ComputeThreadTests {
    private static var kind: __priority_which_t { __priority_which_t(PRIO_PROCESS.rawValue) }

    @Test(arguments: [0, 3] as [Int32])
    func `a thread is as nice as the process, and by so much nicer as is asked for`(niceness: Int32) async {
        let before = getpriority(Self.kind, id_t(getpid()))
        setpriority(Self.kind, id_t(getpid()), before + 2)
        // Only root may take it back.
        defer { setpriority(Self.kind, id_t(getpid()), before) }
        let measured = await withCheckedContinuation { continuation in
            ComputeThread.start("nice", niceness: niceness) {
                continuation.resume(returning: getpriority(Self.kind, 0))
            }
        }
        #expect(measured == before + 2 + niceness)
    }
}
