// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Draws a progress bar over itself on standard error, when that is a terminal; where it is none, long work can be told
/// of in lines.
public final class ProgressDisplay: Sendable {
    private let bar: ProgressBar
    private let write: (@Sendable (String) -> Void)?
    private let columns: @Sendable () -> Int
    /// Nil inside where a bar is drawn.
    private let lines: Mutex<ProgressLines?>
    private let begun = ContinuousClock.now
    /// When the bar was drawn last; nil before the first time.
    private let drawn = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameters:
    ///   - write: takes what is drawn; nil draws nothing.
    ///   - columns: the width of the terminal at the time.
    public init(title: String, write: (@Sendable (String) -> Void)?, columns: @escaping @Sendable () -> Int) {
        bar = ProgressBar(title: title)
        self.write = write
        self.columns = columns
        lines = Mutex(nil)
    }

    /// A display on standard error; it draws nothing where that is no terminal.
    ///
    /// - Parameter tellsInLines: whether it tells in lines there how far the work has come.
    public init(title: String, tellsInLines: Bool = false) {
        let isTerminal = isatty(STDERR_FILENO) == 1
        bar = ProgressBar(title: title)
        let write: @Sendable (String) -> Void = { try? StandardStream.standardError.write($0) }
        self.write = isTerminal || tellsInLines ? write : nil
        columns = { Self.terminalColumns(STDERR_FILENO) }
        lines = Mutex(isTerminal || !tellsInLines ? nil : ProgressLines(title: title))
    }

    /// Shows that `done` of `total` steps are done. May be called from any thread, as often as one likes.
    public func show(done: Int, total: Int) {
        if tellLine({ $0.line(done: done, total: total, seconds: $1) }) { return }
        draw(isLast: done >= total) { seconds, columns in
            bar.line(done: done, total: total, seconds: seconds, columns: columns)
        }
    }

    /// Shows the same with words of the caller's own after the bar.
    public func show(done: Int, total: Int, tail: String) {
        if tellLine({ $0.line(done: done, total: total, tail: tail, seconds: $1) }) { return }
        draw(isLast: done >= total) { _, columns in bar.line(done: done, total: total, tail: tail, columns: columns) }
    }

    /// Tells the next line, if there is one.
    ///
    /// - Returns: whether lines are told in place of a bar.
    private func tellLine(_ next: (inout ProgressLines, _ seconds: Double) -> String?) -> Bool {
        let seconds = seconds
        // Within the lock, so that lines stand in their order.
        return lines.withLock { lines in
            guard var own = lines else { return false }
            if let line = next(&own, seconds) { write?("enroll: \(line)\n") }
            lines = own
            return true
        }
    }

    private func draw(isLast: Bool, _ line: (_ seconds: Double, _ columns: Int) -> String) {
        guard let write else { return }
        let now = ContinuousClock.now
        drawn.withLock { last in
            // Ten times a second is enough for eyes; the last step is always shown.
            if let last, !isLast, now - last < .milliseconds(100) { return }
            last = now
            write("\r" + line(seconds, columns()) + "\u{1B}[K")
        }
    }

    /// Since the work began.
    private var seconds: Double { Double((ContinuousClock.now - begun) / .milliseconds(1)) / 1000 }

    /// Removes the bar, so that what comes next stands on an empty line.
    public func clear() {
        drawn.withLock { last in
            if last != nil { write?("\r\u{1B}[K") }
            last = nil
        }
    }

    /// Shows a bar on standard error while something is done, and leaves an empty line behind, also where it fails.
    /// Where standard error is no terminal, work that takes long is told of in lines.
    public static func during<Value>(
        _ title: String,
        _ work: (_ progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) async throws -> Value
    ) async rethrows -> Value {
        let display = ProgressDisplay(title: title, tellsInLines: true)
        defer { display.clear() }
        return try await work { display.show(done: $0, total: $1) }
    }

    private static func terminalColumns(_ descriptor: Int32) -> Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
