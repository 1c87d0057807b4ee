// SPDX-License-Identifier: Apache-2.0

/// A method of an interface: who may call it, and what each of its calls goes through.
struct ServiceMethod: Sendable {
    /// What a method does with a call: it returns the last reply, which is sent for it; or nil where it has sent it
    /// itself.
    typealias Answer = @Sendable (ServiceCall) async throws -> (any Encodable & Sendable)?

    let role: Role
    /// Whether a stop waits for it and takes no new ones: it compares or changes something.
    let isAdmitted: Bool
    /// Whether the journal tells of a call that was answered. What only looks at the daemon is asked often, and would
    /// fill it.
    let isTold: Bool
    let answer: Answer

    /// A method that compares or changes something.
    static func work(_ role: Role, _ answer: @escaping Answer) -> ServiceMethod {
        ServiceMethod(role: role, isAdmitted: true, isTold: true, answer: answer)
    }

    /// A method that reads, or that waits for what it needs by itself.
    static func reading(_ role: Role, isTold: Bool = true, _ answer: @escaping Answer) -> ServiceMethod {
        ServiceMethod(role: role, isAdmitted: false, isTold: isTold, answer: answer)
    }
}
