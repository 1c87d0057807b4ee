// SPDX-License-Identifier: Apache-2.0

/// Runs work that tells how far it is, and passes on what it tells, a few times a second at most.
///
/// - Parameters:
///   - isWanted: nothing is passed on without it.
///   - reply: may wait; what is told meanwhile is passed over.
/// - Throws: what the work throws, or what the reply throws once the work has ended: work on the gallery is not cut off
///   because nobody listens any more.
func withProgressReplies<Progress: Sendable, Value: Sendable>(
    isWanted: Bool, reply: @escaping @Sendable (Progress) async throws -> Void,
    during work: @escaping @Sendable (@escaping @Sendable (Progress) -> Void) async throws -> Value
) async throws -> Value {
    guard isWanted else { return try await work { _ in } }
    let (progress, told) = AsyncStream.makeStream(of: Progress.self, bufferingPolicy: .bufferingNewest(1))
    async let result: Value = {
        defer { told.finish() }
        return try await work { told.yield($0) }
    }()
    var last: ContinuousClock.Instant?
    var failure: (any Error)?
    for await step in progress where failure == nil {
        if let last, last.duration(to: .now) < .milliseconds(250) { continue }
        last = .now
        do {
            try await reply(step)
        } catch {
            failure = error
        }
    }
    let value = try await result
    if let failure { throw failure }
    return value
}
