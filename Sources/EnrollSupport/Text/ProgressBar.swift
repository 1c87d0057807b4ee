// SPDX-License-Identifier: Apache-2.0

/// One line that shows how far long work has come.
public struct ProgressBar: Sendable {
    private let title: String

    public init(title: String) {
        self.title = title
    }

    /// `adding [#####-----] 5 of 10, 0:12 left`, no wider than the terminal.
    ///
    /// - Parameters:
    ///   - seconds: since the work began; the time left is told from the second on, and taken to go on as it went.
    ///   - columns: the width of the terminal.
    public func line(done: Int, total: Int, seconds: Double, columns: Int) -> String {
        let total = max(total, 1), done = min(max(done, 0), total)
        let left = done > 0 && done < total && seconds >= 1 ? seconds / Double(done) * Double(total - done) : nil
        return line(done: done, total: total, tail: " \(done) of \(total)" + Self.timeLeft(left), columns: columns)
    }

    /// `, 0:12 left`; empty where nobody knows.
    static func timeLeft(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite, seconds < 1e7 else { return "" }
        return ", \(clock(Int(seconds.rounded(.up)))) left"
    }

    /// The title, the bar and what is to be said after it.
    func line(done: Int, total: Int, tail: String, columns: Int) -> String {
        let total = max(total, 1), done = min(max(done, 0), total)
        // One column stays free: a line that is full makes some terminals go to the next.
        let room = columns - 1 - DisplayWidth.of(title) - DisplayWidth.of(tail) - 3
        guard room >= 4 else { return Self.cut(title + tail, to: max(columns - 1, 0)) }
        let width = min(room, 40)
        let filled = done * width / total
        return "\(title) [" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
            + "]\(tail)"
    }

    private static func clock(_ seconds: Int) -> String {
        let digits = { (number: Int) in (number < 10 ? "0" : "") + "\(number)" }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        return hours > 0 ? "\(hours):\(digits(minutes)):\(digits(seconds % 60))" : "\(minutes):\(digits(seconds % 60))"
    }

    private static func cut(_ text: String, to columns: Int) -> String {
        var width = 0
        return String(
            text.prefix { character in
                width += DisplayWidth.of(character)
                return width <= columns
            })
    }
}
