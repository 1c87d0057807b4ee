// SPDX-License-Identifier: Apache-2.0

/// A method of an interface, as a type whose values are its calls: their fields are the parameters.
///
/// Both sides of a connection share it, so that neither has to know which reply belongs to which name.
package protocol VarlinkMethod: Codable, Sendable {
    /// What the method answers, or each of its several answers.
    associatedtype Reply: Codable & Sendable

    /// The qualified name of the interface, `io.likeness.Verification`.
    static var interface: String { get }
    /// The name within the interface, `Verify`.
    static var method: String { get }
}

extension VarlinkMethod {
    /// The qualified name, `io.likeness.Verification.Verify`.
    package static var name: String { "\(interface).\(method)" }
}

/// The parameters or the reply of a method that has none. Whatever is sent in their place is not looked at.
package struct NoFields: Codable, Sendable, Hashable {
    package init() {}
}
