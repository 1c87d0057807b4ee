// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization
import Training

/// Turns ^C and SIGTERM into a stop request; the second one ends the process at once, and so does the first while no
/// step is made, for then everything that there is has been written.
public final class InterruptSignals {
    private static let numbers = [SIGINT, SIGTERM]
    private var sources: [any DispatchSourceSignal] = []

    /// How many have arrived.
    private final class Count: Sendable {
        let value = Atomic(0)
    }

    /// - Parameter announce: is called, on another thread, when the first one arrives.
    public init(_ request: StopRequest, announce: @escaping @Sendable () -> Void) {
        let count = Count()
        for number in Self.numbers {
            // A source only hears of signals that do not end the process.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                let isFirst = count.value.wrappingAdd(1, ordering: .relaxed).oldValue == 0
                guard isFirst, request.isHeard else { _exit(CommandStatus.interrupted.rawValue) }
                request.stop()
                announce()
            }
            source.resume()
            sources.append(source)
        }
    }

    /// Lets signals do again what they do by themselves.
    public func end() {
        for source in sources { source.cancel() }
        for number in Self.numbers { signal(number, SIG_DFL) }
    }
}
