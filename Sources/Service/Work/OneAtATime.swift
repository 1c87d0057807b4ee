// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Synchronization

/// Work that is done for one caller at a time, and refused to the others meanwhile.
final class OneAtATime: Sendable {
    private let isTaken = Atomic(false)

    /// - Throws: `refusal` at once where the work is done for another caller, or what the work throws.
    func run<Value>(orElse refusal: ServiceFailure, _ work: () async throws -> Value) async throws -> Value {
        guard !isTaken.exchange(true, ordering: .acquiringAndReleasing) else { throw refusal }
        defer { isTaken.store(false, ordering: .releasing) }
        return try await work()
    }
}
