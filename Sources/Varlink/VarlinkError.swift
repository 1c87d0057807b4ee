/// An error reply: what a handler throws to send one, and what a client's call throws when it gets one.
public struct VarlinkError: Error, Sendable, Hashable {
    /// The fully qualified name, such as `org.varlink.service.MethodNotFound`.
    public let name: String
    public let parameters: [String: JSONValue]

    public init(name: String, parameters: [String: JSONValue] = [:]) {
        self.name = name
        self.parameters = parameters
    }

    /// An error whose parameters are the members of `parameters`.
    /// - Throws: `EncodingError` when the parameters cannot be JSON.
    public init(name: String, encoding parameters: some Encodable) throws {
        self.name = name
        if case .object(let members) = try JSONValue(encoding: parameters) {
            self.parameters = members
        } else {
            self.parameters = [:]
        }
    }
}

/// The errors that every service may reply (org.varlink.service).
extension VarlinkError {
    public static func interfaceNotFound(_ interface: String) -> VarlinkError {
        VarlinkError(name: "org.varlink.service.InterfaceNotFound", parameters: ["interface": .string(interface)])
    }

    /// - Parameter method: Fully qualified or short, as the client wrote it.
    public static func methodNotFound(_ method: String) -> VarlinkError {
        VarlinkError(name: "org.varlink.service.MethodNotFound", parameters: ["method": .string(method)])
    }

    public static func methodNotImplemented(_ method: String) -> VarlinkError {
        VarlinkError(name: "org.varlink.service.MethodNotImplemented", parameters: ["method": .string(method)])
    }

    public static func invalidParameter(_ parameter: String) -> VarlinkError {
        VarlinkError(name: "org.varlink.service.InvalidParameter", parameters: ["parameter": .string(parameter)])
    }

    /// The peer is not allowed to do this.
    public static let permissionDenied = VarlinkError(name: "org.varlink.service.PermissionDenied")

    /// The method answers with several replies, which the call did not ask for.
    public static let expectedMore = VarlinkError(name: "org.varlink.service.ExpectedMore")
}

extension VarlinkError: CustomStringConvertible {
    /// The error's own message for people where it carries one.
    public var description: String {
        if case .string(let message)? = parameters["message"] { return message }
        let details = parameters.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.briefly)" }
        return details.isEmpty ? name : "\(name) (\(details.joined(separator: ", ")))"
    }
}

extension JSONValue {
    /// One line for a person; long values are named by their kind.
    fileprivate var briefly: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .int(let value): String(value)
        case .double(let value): String(value)
        case .string(let value): value.utf8.count <= 200 ? value : "a string of \(value.utf8.count) bytes"
        case .array(let value): "\(value.count) values"
        case .object(let value): "an object of \(value.count) members"
        }
    }
}
