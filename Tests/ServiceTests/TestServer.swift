// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import Imaging
import LikenessInterface
import Logging
import Service
import Synchronization
import Varlink

/// A service on a socket of its own, for as long as a test's body takes.
struct TestServer {
    let path: String
    let service: LikenessService
    let gallery: SQLGallery
    let galleryPath: String
    let journal: Journal

    /// - Parameters:
    ///   - database: how libpq reaches the gallery, where it is not in a file.
    ///   - folder: models that come and go while the service runs.
    static func run(
        _ models: [any Embedder], gallery file: GalleryFile? = nil, database: String? = nil,
        rotatingTo others: [any Embedder] = [],
        folder: ModelFolder = ModelFolder(),
        options: SQLGallery.Options = SQLGallery.Options(), configure: (inout ServiceConfiguration) -> Void = { _ in },
        consentSource: ConsentSource? = nil,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let file = try file ?? GalleryFile()
        let gallery =
            if let database {
                try await PostgreSQLGallery.open(connection: database, options: options)
            } else {
                try await SQLiteGallery.open(path: file.path, options: options)
            }
        do {
            let journal = Journal()
            var configuration = ServiceConfiguration(version: "1.2.3", galleryPath: file.path)
            configuration.workers = 2
            configure(&configuration)
            let service = try await LikenessService(
                configuration: configuration, gallery: gallery, recognizers: models,
                modelSource: { name in
                    // A folder of models knows the active one too.
                    let known = (models + others + folder.models).first {
                        $0.model.name == name || $0.model.version == name || $0.model.digest.hexadecimal == name
                    }
                    guard let known else { throw FixtureError("no such model: \(name)") }
                    return known
                }, consentSource: consentSource, logger: journal.logger)
            let path = "/tmp/likeness-service-\(UUID().uuidString.prefix(8)).sock"
            let (listening, isListening) = AsyncStream.makeStream(of: Void.self)
            let server = try VarlinkServer(
                configuration: VarlinkServerConfiguration(vendor: "Example", product: "Test", version: "1", url: ""),
                address: .unixPath(path, mode: 0o600), handlers: service.handlers, logger: journal.logger,
                whenListening: { isListening.finish() })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                for await _ in listening {}
                defer { group.cancelAll() }
                try await body(
                    TestServer(path: path, service: service, gallery: gallery, galleryPath: file.path, journal: journal)
                )
                await service.drain()
            }
        } catch {
            try await gallery.close()
            throw error
        }
        try await gallery.close()
    }

    func connect() async throws -> Caller {
        Caller(client: try await VarlinkClient.connect(unixPath: path))
    }
}

/// One client, with the methods' types.
struct Caller: Sendable {
    let client: VarlinkClient

    func enroll(
        _ name: String, _ image: String, modality: String? = nil, largest: Bool? = nil
    ) async throws -> Enroll.Reply {
        try await client.call(
            Enroll(
                identity: name, image: image, modality: modality.flatMap { .init(rawValue: $0) }, largest: largest))
    }

    func verify(
        _ name: String, _ image: String, at rate: Double? = nil, largest: Bool? = nil
    ) async throws -> Verify.Reply {
        try await client.call(Verify(identity: name, image: image, operatingPoint: rate, largest: largest))
    }

    func identify(
        _ image: String, modality: String? = nil, limit: Int? = nil, at rate: Double? = nil
    ) async throws -> Identify.Reply {
        try await client.call(
            Identify(
                image: image, modality: modality.flatMap { .init(rawValue: $0) }, operatingPoint: rate, limit: limit))
    }

    func remove(_ name: String, sample: Int? = nil) async throws -> Remove.Reply {
        try await client.call(Remove(identity: name, sample: sample))
    }

    func describe(_ name: String) async throws -> Describe.Reply {
        try await client.call(Describe(identity: name))
    }

    func list() async throws -> List.Reply {
        try await client.call(List())
    }

    func status() async throws -> Status.Reply {
        try await client.call(Status())
    }

    func models() async throws -> ListModels.Reply {
        try await client.call(ListModels())
    }
}

extension Verify.Reply {
    /// What a caller with the grant *score* is told, as the user of a test has.
    var numbers: (distance: Double, score: Double, threshold: Double) {
        get throws {
            guard let distance, let score, let threshold else { throw FixtureError("the reply holds no numbers") }
            return (distance, score, threshold)
        }
    }
}

/// A gallery's place in a folder that is gone when the value is.
final class GalleryFile: Sendable {
    let path: String
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "/service-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        path = folder + "/gallery.sqlite"
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// A folder of models that are imported while a service runs.
final class ModelFolder: Sendable {
    private let content = Mutex<[any Embedder]>([])

    var models: [any Embedder] { content.withLock { $0 } }

    func add(_ model: any Embedder) {
        content.withLock { $0.append(model) }
    }

    func empty() {
        content.withLock { $0 = [] }
    }
}

/// What was logged.
final class Journal: Sendable {
    struct Entry: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]
    }

    private let kept = Mutex<[Entry]>([])

    var entries: [Entry] { kept.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(journal: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let journal: Journal
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).mapValues { "\($0)" }
            journal.kept.withLock {
                $0.append(Entry(level: event.level, message: "\(event.message)", metadata: fields))
            }
        }
    }
}

/// Waits until something is so, ten seconds at most.
func eventually(_ condition: () async throws -> Bool) async throws {
    for _ in 0..<5000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(2))
    }
    throw FixtureError("it did not come about in time")
}

/// The error reply that a call gets.
func errorReply(_ body: () async throws -> some Any) async throws -> VarlinkError {
    do {
        _ = try await body()
    } catch let error as VarlinkError {
        return error
    }
    throw FixtureError("no error came")
}

extension JSONValue {
    var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
}

extension VarlinkError {
    /// The error's name within its interface.
    var shortName: String { name.split(separator: ".").last.map(String.init) ?? "" }
}
