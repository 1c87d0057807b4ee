// SPDX-License-Identifier: Apache-2.0

/// How far long work has come, in lines for a log: none for short work, and no more than one a minute or a tenth of the
/// work for long.
public struct ProgressLines: Sendable {
    private let title: String
    /// Of the last line; nil before the first.
    private var last: (seconds: Double, share: Double)?

    /// Seconds before the first line, and between two at least.
    private static let pause = 10.0
    /// Seconds after which there is a line however little more is done.
    private static let longest = 60.0
    /// The share of the work that is worth a line.
    private static let step = 0.1

    public init(title: String) {
        self.title = title
    }

    /// `evaluating: 1200 of 7701 (15 %), 3:20 left`; nil while there is nothing worth a line.
    ///
    /// - Parameter seconds: since the work began.
    public mutating func line(done: Int, total: Int, seconds: Double) -> String? {
        let total = max(total, 1), done = min(max(done, 0), total)
        let left = done > 0 && done < total ? seconds / Double(done) * Double(total - done) : nil
        let tail = " \(done) of \(total) (\(Int(Double(done) / Double(total) * 100)) %)" + ProgressBar.timeLeft(left)
        return line(done: done, total: total, tail: tail, seconds: seconds)
    }

    /// The same with words of the caller's own after the title.
    public mutating func line(done: Int, total: Int, tail: String, seconds: Double) -> String? {
        let share = Double(done) / Double(max(total, 1))
        let since = seconds - (last?.seconds ?? 0)
        guard since >= Self.pause else { return nil }
        if let last, share - last.share < Self.step, since < Self.longest { return nil }
        last = (seconds, share)
        return "\(title):\(tail)"
    }
}
