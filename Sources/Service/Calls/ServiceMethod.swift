// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Varlink

/// A method and the work that answers it, as one of many in a table.
struct ServiceMethod: Sendable {
    let type: any LikenessMethod.Type
    /// Takes a call the whole way.
    let answer: @Sendable (VarlinkCall, CallPipeline) async throws -> Void

    /// - Parameter work: returns the last reply, which is sent for it.
    init<Method: LikenessMethod>(
        _ work: @escaping @Sendable (Method, ServiceCall<Method>) async throws -> Method.Reply
    ) {
        type = Method.self
        answer = { call, pipeline in try await pipeline.answer(call, work) }
    }
}
