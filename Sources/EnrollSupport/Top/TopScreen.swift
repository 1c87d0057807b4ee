// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// Draws text in place on a terminal, on a screen of its own that is gone afterwards, and gives the terminal back as it
/// was: at the end, on ^C, SIGTERM and SIGHUP, and while it is stopped by ^Z.
public final class TopScreen: Sendable {
    private let output: StandardStream
    private let isShown = Mutex(false)

    private static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[H\u{1B}[2J"
    private static let leave = "\u{1B}[?25h\u{1B}[?1049l"

    public init(_ output: StandardStream = .standardOutput) {
        self.output = output
    }

    /// Whether standard output is a terminal that draws in place.
    public static var isPossible: Bool {
        isatty(STDOUT_FILENO) == 1 && !["", "dumb"].contains(GivenProcess.environment["TERM"] ?? "")
    }

    /// - Parameter resized: is told when the terminal has another size.
    /// - Returns: what hears of signals for as long as it exists.
    func open(resized: @escaping @Sendable () -> Void) throws(CommandFailure) -> TerminalSignals {
        let signals = TerminalSignals(
            end: { [self] in
                close()
                // That is how one leaves it.
                exit(CommandStatus.success.rawValue)
            }, resized: resized)
        try show()
        return signals
    }

    private func show() throws(CommandFailure) {
        isShown.withLock { $0 = true }
        try output.write(Self.enter)
    }

    public func draw(_ lines: [String]) throws(CommandFailure) {
        // Line by line over what was there: nothing flickers. The last line ends without a line feed, which would scroll.
        let text = "\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J"
        let written = isShown.withLock { shown -> Result<Void, CommandFailure> in
            guard shown else { return .success(()) }
            do throws(CommandFailure) { return .success(try output.write(text)) } catch { return .failure(error) }
        }
        try written.get()
    }

    /// May be called more than once.
    public func close() {
        isShown.withLock { shown in
            if shown { try? output.write(Self.leave) }
            shown = false
        }
    }

    /// The terminal's columns and rows.
    public static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}

/// Hears of the signals that a terminal sends.
final class TerminalSignals {
    private var sources: [any DispatchSourceSignal] = []

    init(end: @escaping @Sendable () -> Void, resized: @escaping @Sendable () -> Void) {
        for number in [SIGINT, SIGTERM, SIGHUP] { watch(number, end) }
        watch(SIGWINCH, resized)
        // Dispatch tells of ^Z when the process has stopped already. A handler that calls nothing but the kernel does
        // before.
        signal(SIGTSTP) { _ in
            let code = errno
            let leave: StaticString = "\u{1B}[?25h\u{1B}[?1049l", enter: StaticString = "\u{1B}[?1049h\u{1B}[?25l"
            _ = write(STDOUT_FILENO, leave.utf8Start, leave.utf8CodeUnitCount)
            kill(getpid(), SIGSTOP)
            // Goes on here with SIGCONT; the next look draws.
            _ = write(STDOUT_FILENO, enter.utf8Start, enter.utf8CodeUnitCount)
            errno = code
        }
    }

    deinit {
        for source in sources { source.cancel() }
        signal(SIGTSTP, SIG_DFL)
    }

    private func watch(_ number: Int32, _ body: @escaping @Sendable () -> Void) {
        // A source only hears of signals that do not end or stop the process.
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler(handler: body)
        source.resume()
        sources.append(source)
    }
}
