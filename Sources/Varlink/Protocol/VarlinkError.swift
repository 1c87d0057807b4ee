// SPDX-License-Identifier: Apache-2.0

/// An error reply: one that an interface declares, or one of `org.varlink.service`. It is the same on both sides.
public struct VarlinkError: Error, Sendable, Hashable {
    /// The qualified name, `org.varlink.service.MethodNotFound`.
    public let name: String
    public let parameters: [String: JSONValue]

    public init(name: String, parameters: [String: JSONValue] = [:]) {
        self.name = name
        self.parameters = parameters
    }

    /// An error whose parameters are a value's fields.
    /// - Throws: what encoding throws; a value that is no JSON object has no parameters.
    public init(name: String, encoding value: some Encodable) throws {
        let parameters = try JSONValue(encoding: value)
        if case .object(let fields) = parameters {
            self.init(name: name, parameters: fields)
        } else {
            self.init(name: name)
        }
    }
}

extension VarlinkError {
    public static func interfaceNotFound(_ interface: String) -> VarlinkError {
        VarlinkError(name: "org.varlink.service.InterfaceNotFound", parameters: ["interface": .string(interface)])
    }

    public static func methodNotFound(_ method: String) -> VarlinkError {
        VarlinkError(name: "org.varlink.service.MethodNotFound", parameters: ["method": .string(method)])
    }

    public static func methodNotImplemented(_ method: String) -> VarlinkError {
        VarlinkError(name: "org.varlink.service.MethodNotImplemented", parameters: ["method": .string(method)])
    }

    public static func invalidParameter(_ parameter: String) -> VarlinkError {
        VarlinkError(name: "org.varlink.service.InvalidParameter", parameters: ["parameter": .string(parameter)])
    }

    public static let permissionDenied = VarlinkError(name: "org.varlink.service.PermissionDenied")
    public static let expectedMore = VarlinkError(name: "org.varlink.service.ExpectedMore")
}

extension VarlinkError: CustomStringConvertible {
    /// The error's own words where it has a `message`, else its name and parameters.
    public var description: String {
        if let message = parameters["message"]?.stringValue { return message }
        let details = parameters.sorted { $0.key < $1.key }.map {
            "\($0.key): \($0.value.stringValue ?? "\($0.value)")"
        }
        return details.isEmpty ? name : "\(name) (\(details.joined(separator: ", ")))"
    }
}
