// SPDX-License-Identifier: Apache-2.0

import CPolkit
import Foundation
import Synchronization

/// Asks polkit, over the system's bus, whether the user of a process may do something. polkit may ask that user for a password.
public enum Polkit {
    /// What came of it. Only the first lets anybody do anything.
    public enum Answer: Sendable, Hashable {
        case authorized
        /// The policy forbids it, or the password was wrong.
        case refused
        /// Somebody closed the question.
        case dismissed
        /// A password would do, and no agent is there that could ask for it.
        case nobodyToAsk
        /// There is no bus, or no polkit on it.
        case absent(reason: String)
        case late
        /// The task was cancelled.
        case cancelled
        case failed(reason: String)
    }

    /// Waits on a thread of its own. A task that is cancelled ends the question, and so does the limit.
    ///
    /// - Parameters:
    ///   - process: a process of the user's. Its session, its agent and what it was asked before are polkit's to find.
    ///   - limit: up to a day.
    public static func ask(_ action: String, process: Int32, user: UInt32, within limit: Duration) async -> Answer {
        guard process > 0 else { return .failed(reason: "the process is one of another namespace") }
        let ending: Ending
        do {
            ending = try Ending()
        } catch {
            return .failed(reason: "pipe: \(String(cString: strerror(error.code)))")
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread {
                    let answer = answer(action, process, user, limit, ending)
                    ending.close()
                    continuation.resume(returning: answer)
                }
                thread.name = "polkit"
                thread.start()
            }
        } onCancel: {
            ending.ask()
        }
    }

    private static func answer(
        _ action: String, _ process: Int32, _ user: UInt32, _ limit: Duration, _ ending: Ending
    ) -> Answer {
        let milliseconds = min(max(limit.components.seconds, 0), 86_400) * 1000
        var text = [CChar](repeating: 0, count: Int(LIKENESS_POLKIT_WHY))
        let answer = likeness_polkit_ask(
            action, UInt32(process), user, Int32(milliseconds), ending.descriptor, &text)
        let reason = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return switch answer {
        case LIKENESS_POLKIT_AUTHORIZED: .authorized
        case LIKENESS_POLKIT_REFUSED: .refused
        case LIKENESS_POLKIT_DISMISSED: .dismissed
        case LIKENESS_POLKIT_NOBODY_TO_ASK: .nobodyToAsk
        case LIKENESS_POLKIT_ABSENT: .absent(reason: reason)
        case LIKENESS_POLKIT_LATE: .late
        case LIKENESS_POLKIT_CANCELLED: .cancelled
        default: .failed(reason: reason)
        }
    }

    /// A pipe that is readable when the wait is to end.
    private final class Ending: Sendable {
        struct NoPipe: Error { let code: Int32 }

        let descriptor: Int32
        /// The other end, while it is open.
        private let writing: Mutex<Int32?>

        init() throws(NoPipe) {
            var ends: [Int32] = [-1, -1]
            guard likeness_polkit_pipe(&ends) == 0 else { throw NoPipe(code: errno) }
            descriptor = ends[0]
            writing = Mutex(ends[1])
        }

        func ask() {
            writing.withLock { end in
                if let open = end { _ = Glibc.close(open) }
                end = nil
            }
        }

        /// When nobody looks at it any more.
        func close() {
            ask()
            _ = Glibc.close(descriptor)
        }
    }
}
