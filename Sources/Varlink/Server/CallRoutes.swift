/// Which handler answers a method.
struct CallRoutes: Sendable {
    private let handlers: [String: (handler: any VarlinkInterfaceHandler, methods: Set<String>)]

    /// - Throws: ``InterfaceDescriptionError`` for a description that is not one.
    init(configuration: VarlinkServerConfiguration, handlers: [any VarlinkInterfaceHandler]) throws {
        let described = try handlers.map { ($0, try InterfaceDescription(parsing: $0.interfaceDescription)) }
        let service = ServiceInterface(configuration: configuration, interfaces: described.map(\.1))
        var table: [String: (handler: any VarlinkInterfaceHandler, methods: Set<String>)] = [:]
        for (handler, description) in described + [(service, try InterfaceDescription(parsing: ServiceInterface.text))] {
            table[description.name] = (handler, Set(description.methods))
        }
        self.handlers = table
    }

    func find(_ qualified: String) throws -> (handler: any VarlinkInterfaceHandler, interface: String, method: String) {
        guard let dot = qualified.lastIndex(of: "."), qualified.utf8.count <= 255 else {
            // Bounded in bytes, since one character can have millions.
            throw VarlinkError.interfaceNotFound(String(decoding: qualified.utf8.prefix(255), as: UTF8.self))
        }
        let interface = String(qualified[..<dot]), method = String(qualified[qualified.index(after: dot)...])
        guard let entry = handlers[interface] else { throw VarlinkError.interfaceNotFound(interface) }
        guard entry.methods.contains(method) else { throw VarlinkError.methodNotFound(qualified) }
        return (entry.handler, interface, method)
    }
}
