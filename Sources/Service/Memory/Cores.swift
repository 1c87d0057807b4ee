// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// Work that is divided among the processor's cores.
package enum Cores {
    package static let count = ProcessInfo.processInfo.activeProcessorCount

    /// Calls for each part of a whole, on as many threads as there are cores, and returns when all are done.
    ///
    /// - Returns: what the calls returned, in the order of the parts.
    package static func map<Part: Sendable, Result: Sendable>(
        _ parts: [Part], _ body: @Sendable (Part) -> Result
    ) -> [Result] {
        guard parts.count > 1 else { return parts.map(body) }
        let results = Mutex<[Result?]>(Array(repeating: nil, count: parts.count))
        DispatchQueue.concurrentPerform(iterations: parts.count) { number in
            let result = body(parts[number])
            results.withLock { $0[number] = result }
        }
        return results.withLock { $0.compactMap(\.self) }
    }

    /// The same for a number of things that are divided evenly, with no fewer than `least` to a part.
    package static func map<Result: Sendable>(
        _ count: Int, atLeast least: Int, cores: Int = count, _ body: @Sendable (Range<Int>) -> Result
    ) -> [Result] {
        let parts = max(1, min(cores, count / max(1, least)))
        return map((0..<parts).map { $0 * count / parts..<($0 + 1) * count / parts }, body)
    }
}
