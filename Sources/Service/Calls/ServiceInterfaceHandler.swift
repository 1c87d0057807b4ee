// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Varlink

/// One interface of a service: its methods by their names.
struct ServiceInterfaceHandler: VarlinkInterfaceHandler {
    let interfaceDescription: String
    private let methods: [String: ServiceMethod]
    private let pipeline: CallPipeline

    /// - Parameters:
    ///   - name: the interface's.
    ///   - methods: of which those of the interface are taken.
    init(_ name: String, description: String, methods: [ServiceMethod], pipeline: CallPipeline) {
        interfaceDescription = description
        self.methods = Dictionary(
            methods.filter { $0.type.interface == name }.map { ($0.type.method, $0) }, uniquingKeysWith: { $1 })
        self.pipeline = pipeline
    }

    func parameters(of method: String) -> any (Decodable & Sendable).Type {
        methods[method]?.type ?? NoFields.self
    }

    func handle(_ call: VarlinkCall) async throws {
        guard let method = methods[call.method] else { throw VarlinkError.methodNotImplemented(call.method) }
        try await method.answer(call, pipeline)
    }
}
