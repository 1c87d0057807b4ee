// SPDX-License-Identifier: Apache-2.0

/// Which handler answers a method.
struct CallRoutes: Sendable {
    private let handlers: [String: (handler: any VarlinkInterfaceHandler, methods: Set<String>)]
    /// The interfaces that declare the error `Busy`, in the order in which they were given.
    private let knowBusy: [String]

    /// - Throws: ``InterfaceDescriptionError`` for a description that is not one.
    init(configuration: VarlinkServerConfiguration, handlers: [any VarlinkInterfaceHandler]) throws {
        let described = try handlers.map { ($0, try InterfaceDescription(parsing: $0.interfaceDescription)) }
        let service = ServiceInterface(configuration: configuration, interfaces: described.map(\.1))
        var table: [String: (handler: any VarlinkInterfaceHandler, methods: Set<String>)] = [:]
        for (handler, description) in described + [(service, try InterfaceDescription(parsing: ServiceInterface.text))]
        {
            table[description.name] = (handler, Set(description.methods))
        }
        self.handlers = table
        knowBusy = described.map(\.1).filter { $0.errors.contains("Busy") }.map(\.name)
    }

    /// The answer to a call that is not taken now: `Busy`, with words for people in `message`, of the interface called
    /// or, where that declares none, of the first that does.
    func busy(_ qualified: String, message: String) -> VarlinkError {
        let called = qualified.lastIndex(of: ".").map { String(qualified[..<$0]) } ?? ""
        let declaring = knowBusy.contains(called) ? called : knowBusy.first
        return VarlinkError(
            name: (declaring ?? (called.isEmpty ? ServiceInterface.name : called)) + ".Busy",
            parameters: ["message": .string(message)])
    }

    func find(_ qualified: String) throws(VarlinkError) -> CallRoute {
        guard let dot = qualified.lastIndex(of: "."), qualified.utf8.count <= 255 else {
            // Bounded in bytes, since one character can have millions.
            throw VarlinkError.interfaceNotFound(String(decoding: qualified.utf8.prefix(255), as: UTF8.self))
        }
        let interface = String(qualified[..<dot]), method = String(qualified[qualified.index(after: dot)...])
        guard let entry = handlers[interface] else { throw VarlinkError.interfaceNotFound(interface) }
        guard entry.methods.contains(method) else { throw VarlinkError.methodNotFound(qualified) }
        return CallRoute(handler: entry.handler, interface: interface, method: method)
    }
}

/// Where a call goes: the method of a handler.
struct CallRoute: Sendable {
    let handler: any VarlinkInterfaceHandler
    let interface: String
    /// The method's name within the interface.
    let method: String
}
