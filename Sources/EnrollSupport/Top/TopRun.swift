// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Looks at a daemon again and again.
public struct TopRun: Sendable {
    /// Seconds between two looks.
    public static let intervals = 0.2...3600.0

    private let client: DaemonClient
    private let interval: Duration

    public init(socket: SocketChoice, timeout: Duration, interval: Duration) {
        // What a daemon counts has some thousand lines at most.
        client = DaemonClient(socket: socket, timeout: timeout, maximumReplyBytes: 16 << 20)
        self.interval = interval
    }

    /// What the daemon does within one interval.
    package func load() async throws(CommandFailure) -> ServiceLoad {
        let first = try await ServiceLook.taken(by: client)
        await pause()
        return ServiceLoad(from: first, to: try await ServiceLook.taken(by: client))
    }

    /// Prints what the daemon does within an interval, once or after each.
    ///
    /// - Throws: the first failure; whoever reads this is to know that the daemon went away.
    public func printLoads(once: Bool, asJSON: Bool) async throws {
        var look = try await ServiceLook.taken(by: client), isFirst = true
        repeat {
            await pause()
            let next = try await ServiceLook.taken(by: client), load = ServiceLoad(from: look, to: next)
            look = next
            let text = asJSON ? try JSONText.line(load) : Self.text(load)
            try StandardStream.standardOutput.write(isFirst || asJSON ? text : "\n" + text)
            isFirst = false
        } while !once
    }

    package static func text(_ load: ServiceLoad) -> String {
        TopText.lines(load, columns: 200).map { $0 + "\n" }.joined()
    }

    /// Draws it in place until the process is told to end. A daemon that is away is waited for.
    public func show(on screen: TopScreen) async throws {
        var look = try await ServiceLook.taken(by: client)
        let shown = Mutex(Shown.load(ServiceLoad(from: look, to: look)))
        @Sendable func draw() throws(CommandFailure) {
            let size = TopScreen.size
            try screen.draw(shown.withLock { $0 }.lines(columns: size.columns, rows: size.rows))
        }
        let signals = try screen.open { try? draw() }
        defer { withExtendedLifetime(signals) { screen.close() } }
        while true {
            try draw()
            await pause()
            do throws(CommandFailure) {
                let next = try await ServiceLook.taken(by: client)
                let load = ServiceLoad(from: look, to: next)
                look = next
                shown.withLock { $0 = .load(load) }
            } catch {
                shown.withLock { $0 = .failure(error) }
            }
        }
    }

    private func pause() async { try? await Task.sleep(for: interval) }

    private enum Shown: Sendable {
        case load(ServiceLoad)
        case failure(CommandFailure)

        func lines(columns: Int, rows: Int) -> [String] {
            switch self {
            case .load(let load): TopText.lines(load, columns: columns, rows: rows)
            case .failure(let failure):
                Array(TextWrap.lines(failure.line.trimmingCharacters(in: .newlines), columns: columns).prefix(rows - 1))
                    .map { TopText.cut($0, to: columns) }
            }
        }
    }
}
