// SPDX-License-Identifier: Apache-2.0

/// What answers the calls of one interface.
public protocol VarlinkInterfaceHandler: Sendable {
    /// The interface's description, served verbatim.
    var interfaceDescription: String { get }

    /// What the parameters of a method that the description declares are read as, together with the rest of the
    /// message. They are read before ``handle(_:)`` is called, which is told when it asks for them where they are none.
    func parameters(of method: String) -> any (Decodable & Sendable).Type

    /// Answers one call of a method that the description declares, by ``VarlinkCall/reply(_:)``.
    ///
    /// The task is cancelled when the peer goes away.
    /// - Throws: ``VarlinkError`` to answer with it. Any other error is logged and answered as the interface's own
    ///   `Internal` with the error's words as its message.
    func handle(_ call: VarlinkCall) async throws
}
