// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import PostgreSQLHarness

/// The databases that a gallery can be in.
enum GalleryKind: Sendable, CaseIterable {
    case sqlite
    case postgreSQL

    /// Those that tests run on here. Where no server is installed, `SharedGalleryTests` says that it is skipped.
    static let available = allCases.filter { $0 == .sqlite || PostgreSQLServer.isPresent }
}

/// A gallery in a folder, or in a database schema, of its own that is gone when the value is.
final class GalleryFixture: Sendable {
    static let model = ModelDescription(
        digest: ModelDigest(bytes: [UInt8](repeating: 1, count: 32)).rightByConstruction, modality: .face,
        name: "first",
        version: "1", embeddingSize: 3)
    static let otherModel = ModelDescription(
        digest: ModelDigest(bytes: [UInt8](repeating: 2, count: 32)).rightByConstruction, modality: .face,
        name: "second",
        version: "4", embeddingSize: 3)

    let kind: GalleryKind
    let folder: String
    /// A file, or how libpq reaches the database.
    let path: String
    private let server: PostgreSQLServer?
    private let schema: String

    /// - Parameter server: that of a gallery in PostgreSQL; nil for the one that tests share.
    init(_ kind: GalleryKind = .sqlite, server: PostgreSQLServer? = nil) throws {
        self.kind = kind
        folder = NSTemporaryDirectory() + "/gallery-tests-\(UUID().uuidString)"
        schema = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        switch kind {
        case .sqlite:
            self.server = nil
            path = folder + "/gallery.sqlite"
        case .postgreSQL:
            let server = try server ?? .shared()
            self.server = server
            path = server.connection(schema: schema)
            // What statements that are written for SQLite call.
            try server.run(
                """
                CREATE SCHEMA \(schema);
                CREATE FUNCTION \(schema).zeroblob(integer) RETURNS bytea LANGUAGE sql AS $$ SELECT decode(repeat('00', $1), 'hex') $$;
                CREATE FUNCTION \(schema).hex(bytea) RETURNS text LANGUAGE sql AS $$ SELECT encode($1, 'hex') $$;
                """)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Opens the gallery as it is.
    func open(_ options: SQLGallery.Options = SQLGallery.Options()) async throws -> SQLGallery {
        switch kind {
        case .sqlite: try await SQLiteGallery.open(path: path, options: options)
        case .postgreSQL: try await PostgreSQLGallery.open(connection: path, options: options)
        }
    }

    /// An open gallery with the first model active.
    func opened(keys: WrappingKeys = .none, keepsSamples: Bool = true) async throws -> SQLGallery {
        var options = SQLGallery.Options()
        options.keys = keys
        options.keepsSamples = keepsSamples
        let gallery = try await open(options)
        _ = try await gallery.activate(Self.model)
        return gallery
    }

    /// Statements by somebody who is not the gallery. Returns the first column of the last one's rows, as text.
    @discardableResult
    func run(_ statements: String, keepingReferences: Bool = false) throws -> [String] {
        switch kind {
        case .sqlite:
            try SQLiteProgram.run((keepingReferences ? "PRAGMA foreign_keys = ON; " : "") + statements, on: path)
        case .postgreSQL: try server?.run(statements, on: path) ?? []
        }
    }

    /// Everything that the database keeps of the gallery, as far as it is its own: files, or a dump's text.
    func stored() throws -> Data {
        switch kind {
        case .sqlite:
            ["", "-wal"].reduce(into: Data()) { data, suffix in
                if let content = FileManager.default.contents(atPath: path + suffix) { data.append(content) }
            }
        case .postgreSQL:
            // Bytes are written in hexadecimal digits; they are added as they are.
            (try server?.dump(schema: schema) ?? "").split(separator: "'").reduce(into: Data()) { data, part in
                data.append(contentsOf: part.utf8)
                if part.hasPrefix("\\x") { data.append(contentsOf: String(part.dropFirst(2)).bytesOfHexadecimalDigits) }
            }
        }
    }

    func holds(_ bytes: [UInt8]) throws -> Bool { try stored().range(of: Data(bytes)) != nil }

    /// Returns when what a process that was killed had begun is over.
    func settle() throws {
        try server?.settle(path)
    }

    static func embedding(_ values: [Float] = [1, 2, 3], model: ModelDescription = model) throws -> Embedding {
        guard let embedding = Embedding(values: values, model: model.digest) else { throw FixtureError() }
        return embedding
    }

    static func sample(
        _ values: [Float] = [1, 2, 3], original: UInt8 = 9, image: [UInt8] = [0x89, 0x50],
        measurements: [QualityMeasurement] = [],
        model: ModelDescription = model
    ) throws -> NewSample {
        NewSample(
            image: image, width: 150, height: 148, original: [UInt8](repeating: original, count: 32),
            measurements: measurements, embedding: try embedding(values, model: model))
    }
}

struct FixtureError: Error {}

extension String {
    var bytesOfHexadecimalDigits: [UInt8] {
        let digits = Array(utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
    }
}

extension Optional {
    /// For constants that are right by construction.
    fileprivate var rightByConstruction: Wrapped {
        guard let self else { preconditionFailure("a digest has 32 bytes") }
        return self
    }
}

extension SQLGallery {
    /// Moves a sample where nobody has failed with its identity.
    func moveSample(
        _ number: Int, of name: IdentityName, to other: IdentityName, _ permissions: SampleMove.Permissions,
        by actor: AuditActor?
    ) async throws(GalleryError) -> SampleMove {
        try await moveSample(number, of: name, to: other, permissions, by: actor) { _, _, _, _ in nil }
    }
}
