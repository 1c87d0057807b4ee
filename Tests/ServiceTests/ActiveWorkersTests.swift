// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Service
import Testing

/// Workers that are exchanged while they are at work.
@Suite struct ActiveWorkersTests {
    private let first: PixelModel, second: PixelModel
    private let models: ActiveModels

    init() throws {
        first = try PixelModel(version: 1)
        second = try PixelModel(version: 2)
        models = try ActiveModels([first]) { _ in .falseMatchRate(1e-3) }
    }

    private func run(_ body: (ActiveWorkers) async throws -> Void) async throws {
        var configuration = ServiceConfiguration(version: "1", galleryPath: "")
        configuration.workers = 1
        let workers = try await ActiveWorkers(
            configuration: CurrentConfiguration(configuration), models: models, logger: Journal().logger)
        defer { workers.close() }
        try await body(workers)
    }

    /// The model that the workers of now embed by.
    private static func model(of workers: ActiveWorkers) async throws -> ModelDigest? {
        let image = try Pictures.base64(person: 1)
        return try await workers.embed(
            ProbeRequest(modality: .face, image: image, takesLargestFace: false, purpose: .comparison)
        ).embedding?.model
    }

    @Test func `others take their place at the moment that the change says, and not before`() async throws {
        try await run { workers in
            #expect(try await Self.model(of: workers) == first.model.digest)
            let (before, after) = try await workers.renew(with: second) { use in
                let before = try await Self.model(of: workers)
                use()
                return (before, try await Self.model(of: workers))
            }
            #expect(before == first.model.digest && after == second.model.digest)
            #expect(try await Self.model(of: workers) == second.model.digest)
        }
    }

    @Test func `a change that fails or comes to nothing leaves the workers that there were`() async throws {
        try await run { workers in
            await #expect(throws: FixtureError.self) {
                try await workers.renew(with: second) { _ in throw FixtureError("the gallery did not change") }
            }
            #expect(try await Self.model(of: workers) == first.model.digest)
            try await workers.renew(with: second) { _ in }
            #expect(try await Self.model(of: workers) == first.model.digest)
        }
    }

    @Test func `a change that fails after its moment leaves the fresh workers at work`() async throws {
        try await run { workers in
            await #expect(throws: FixtureError.self) {
                try await workers.renew(with: second) { use in
                    use()
                    throw FixtureError("the caller has gone")
                }
            }
            let model = try await Self.model(of: workers)
            #expect(model == second.model.digest)
        }
    }

    @Test func `a model that cannot be used is told before anything is changed`() async throws {
        var model = second
        model.refusal = .noFace
        let broken = model
        try await run { workers in
            await #expect(throws: ServiceStartError.self) {
                try await workers.renew(with: broken) { _ in Issue.record("it was changed") }
            }
            let model = try await Self.model(of: workers)
            #expect(model == first.model.digest)
        }
    }

    @Test func `what waits for the workers before is still done by them`() async throws {
        try await run { workers in
            first.valve.close()
            let held = Task { try await Self.model(of: workers) }
            try await eventually { first.valve.prepared == 1 }
            try await workers.renew(with: second) { use in use() }
            #expect(try await Self.model(of: workers) == second.model.digest)
            first.valve.open()
            #expect(try await held.value == first.model.digest)
        }
    }
}
