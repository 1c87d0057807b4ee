// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Synchronization
import Testing

@Suite struct ProgressBarTests {
    private let bar = ProgressBar(title: "enrolling")

    @Test func `it shows share, count and time left`() {
        #expect(bar.line(done: 0, total: 4, seconds: 0, columns: 40) == "enrolling [--------------------] 0 of 4")
        #expect(
            bar.line(done: 1, total: 4, seconds: 20, columns: 50) == "enrolling [####---------------] 1 of 4, 1:00 left"
        )
        #expect(
            bar.line(done: 1, total: 401, seconds: 20, columns: 60)
                == "enrolling [------------------------] 1 of 401, 2:13:20 left")
        #expect(bar.line(done: 4, total: 4, seconds: 80, columns: 40) == "enrolling [####################] 4 of 4")
    }

    @Test(arguments: 0...100)
    func `it never fills the line`(_ columns: Int) {
        let line = bar.line(done: 3, total: 7, seconds: 100, columns: columns)
        #expect(DisplayWidth.of(line) < max(columns, 1))
    }

    @Test(arguments: [(-1, 0), (9, 4), (0, -3), (Int.max / 64, Int.max / 64)])
    func `counts that make no sense do no harm`(_ done: Int, _ total: Int) {
        #expect(!bar.line(done: done, total: total, seconds: .infinity, columns: 80).isEmpty)
    }

    @Test func `it draws over itself and leaves nothing behind`() {
        let drawn = Mutex("")
        let display = ProgressDisplay(title: "x", write: { text in drawn.withLock { $0 += text } }, columns: { 20 })
        display.clear()
        display.show(done: 0, total: 2)
        display.show(done: 1, total: 2)
        display.show(done: 2, total: 2)
        display.clear()
        #expect(drawn.withLock { $0 } == "\rx [--------] 0 of 2\u{1B}[K\rx [########] 2 of 2\u{1B}[K\r\u{1B}[K")
    }

    @Test func `where there is no terminal, long work is told of in a few lines, and short work in none`() {
        var lines = ProgressLines(title: "evaluating")
        #expect((0...9).allSatisfy { lines.line(done: $0 * 10, total: 1000, seconds: Double($0)) == nil })
        #expect(lines.line(done: 100, total: 1000, seconds: 10) == "evaluating: 100 of 1000 (10 %), 1:30 left")
        // No tenth more, and no minute later.
        #expect(lines.line(done: 190, total: 1000, seconds: 40) == nil)
        #expect(lines.line(done: 200, total: 1000, seconds: 41) == "evaluating: 200 of 1000 (20 %), 2:44 left")
        #expect(lines.line(done: 400, total: 1000, seconds: 50) == nil)
        #expect(lines.line(done: 400, total: 1000, seconds: 51) != nil)
        #expect(lines.line(done: 401, total: 1000, seconds: 110) == nil)
        #expect(lines.line(done: 401, total: 1000, seconds: 112) == "evaluating: 401 of 1000 (40 %), 2:48 left")
        #expect(lines.line(done: 1000, total: 1000, seconds: 400) == "evaluating: 1000 of 1000 (100 %)")
    }

    @Test func `lines of a training tell what its bar would`() {
        var lines = ProgressLines(title: "training")
        #expect(lines.line(done: 1, total: 100, tail: " epoch 1 of 4, loss 2.5", seconds: 9) == nil)
        #expect(
            lines.line(done: 2, total: 100, tail: " epoch 1 of 4, loss 2.4", seconds: 11)
                == "training: epoch 1 of 4, loss 2.4")
    }
}
