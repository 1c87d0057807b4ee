// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import Imaging
import Service
import Varlink

/// A server at which alice, a person 1, and bob, a person 2, are enrolled, and a stranger who calls it.
struct StrangerTrial {
    let model: PixelModel

    init() throws {
        model = try PixelModel()
    }

    /// Runs it with the stranger's grants and without delays.
    func run(
        _ policy: AccessPolicy, gallery: GalleryFile? = nil, models: [any Embedder]? = nil,
        options: SQLGallery.Options = SQLGallery.Options(),
        configure: (inout ServiceConfiguration) -> Void = { _ in },
        _ body: (TestServer, PeerCaller) async throws -> Void
    ) async throws {
        try await TestServer.run(
            models ?? [model], gallery: gallery, options: options,
            configure: { configuration in
                configuration.access = policy
                configuration.attempts.delaySeconds = 0
                configuration.attempts.perMinute = 10_000
                configure(&configuration)
            }
        ) { server in
            let root = try await server.connect()
            if try await root.list().identities.isEmpty {
                _ = try await root.enroll("alice", Pictures.base64(person: 1, picture: 1))
                _ = try await root.enroll("bob", Pictures.base64(person: 2, picture: 1))
            }
            try await body(server, PeerCaller(server.service))
        }
    }

    /// A picture that supports no decision.
    func dark() throws -> String { try Pictures.base64(Pictures.image(person: 1, light: 0.1)) }

    /// The results, or the names of the errors, of so many comparisons of somebody else with a name.
    func failures(_ caller: PeerCaller, _ name: String, _ count: Int) async throws -> [String] {
        var results: [String] = []
        for picture in 0..<count {
            do {
                results.append(
                    try await caller.verify(name, Pictures.base64(person: 7, picture: picture))["result"]?.stringValue
                        ?? "")
            } catch let error as VarlinkError {
                results.append(error.shortName)
            }
        }
        return results
    }
}
