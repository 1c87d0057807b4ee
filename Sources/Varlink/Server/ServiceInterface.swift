// SPDX-License-Identifier: Apache-2.0

/// `org.varlink.service`, which every server answers (<https://varlink.org/Service>).
struct ServiceInterface: VarlinkInterfaceHandler {
    static let name = "org.varlink.service"

    let configuration: VarlinkServerConfiguration
    /// The texts by name, this interface's own among them.
    let descriptions: [String: String]
    /// In the order in which they were given, this interface first.
    let names: [String]

    init(configuration: VarlinkServerConfiguration, interfaces: [InterfaceDescription]) {
        self.configuration = configuration
        names = [Self.name] + interfaces.map(\.name)
        var descriptions = [Self.name: Self.text]
        for interface in interfaces { descriptions[interface.name] = interface.text }
        self.descriptions = descriptions
    }

    var interfaceDescription: String { Self.text }

    func parameters(of method: String) -> any (Decodable & Sendable).Type {
        method == GetInterfaceDescription.method ? GetInterfaceDescription.self : GetInfo.self
    }

    func handle(_ call: VarlinkCall) async throws {
        switch call.method {
        case GetInfo.method:
            try await call.reply(
                GetInfo.Reply(
                    vendor: configuration.vendor, product: configuration.product, version: configuration.version,
                    url: configuration.url, interfaces: names))
        case GetInterfaceDescription.method:
            let interface = try call.parameters(as: GetInterfaceDescription.self).interface
            guard let text = descriptions[interface] else { throw VarlinkError.interfaceNotFound(interface) }
            try await call.reply(GetInterfaceDescription.Reply(description: text))
        default:
            throw VarlinkError.methodNotFound(call.method)
        }
    }

    /// The interface as the Varlink project publishes it.
    static let text = """
        # The Varlink Service Interface is provided by every varlink service. It
        # describes the service and the interfaces it implements.
        interface org.varlink.service

        # Get a list of all the interfaces a service provides and information
        # about the implementation.
        method GetInfo() -> (
          vendor: string,
          product: string,
          version: string,
          url: string,
          interfaces: []string
        )

        # Get the description of an interface that is implemented by this service.
        method GetInterfaceDescription(interface: string) -> (description: string)

        # The requested interface was not found.
        error InterfaceNotFound (interface: string)

        # The requested method was not found
        error MethodNotFound (method: string)

        # The interface defines the requested method, but the service does not
        # implement it.
        error MethodNotImplemented (method: string)

        # One of the passed parameters is invalid.
        error InvalidParameter (parameter: string)

        # Client is denied access
        error PermissionDenied ()

        # Method is expected to be called with 'more' set to true, but wasn't
        error ExpectedMore ()

        """
}

/// What a server is, and which interfaces it has.
struct GetInfo: VarlinkMethod {
    static let interface = ServiceInterface.name
    static let method = "GetInfo"

    struct Reply: Codable, Sendable {
        let vendor: String, product: String, version: String, url: String, interfaces: [String]
    }
}

/// The description of one of them.
struct GetInterfaceDescription: VarlinkMethod {
    static let interface = ServiceInterface.name
    static let method = "GetInterfaceDescription"

    /// Whose description is asked for; nothing to do with the method's own.
    let interface: String

    struct Reply: Codable, Sendable {
        let description: String
    }
}
