// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import GalleryChurn

// Enrols without end into the gallery named by the first argument, a file or how libpq reaches a database, and prints
// each enrolment once it is acknowledged: "NAME NUMBER". With a seed and two keys' bytes (the current one and the one
// before) as further arguments it changes the gallery in every way there is, see Churn. With the word "rotation" it
// takes that lock, says whether it has it, and holds it. The test kills it amid writes and compares.
enum CrashWriter {
    static func isConnection(_ gallery: String) -> Bool { gallery.contains("=") }

    static func open(_ gallery: String, _ options: SQLGallery.Options = SQLGallery.Options()) async throws -> SQLGallery
    {
        if isConnection(gallery) { return try await PostgreSQLGallery.open(connection: gallery, options: options) }
        return try await SQLiteGallery.open(path: gallery, options: options)
    }

    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    static func change(_ path: String, seed: UInt64, keys: WrappingKeys) async throws {
        var options = SQLGallery.Options()
        options.keys = keys
        var churn = Churn(
            gallery: try await open(path, options), copy: isConnection(path) ? nil : path + ".copy", seed: seed,
            say: say)
        try await churn.run()
    }

    static func holdRotation(_ path: String) async throws {
        let gallery = try await open(path)
        say(try await gallery.takeRotation() ? "held" : "another's")
        while true { try await Task.sleep(for: .seconds(60)) }
    }

    static func enroll(_ path: String, digest: ModelDigest) async throws {
        let gallery = try await open(path)
        _ = try await gallery.activate(
            ModelDescription(digest: digest, modality: .face, name: "test", version: "1", embeddingSize: 128))
        let run = ProcessInfo.processInfo.processIdentifier
        for person in 0... {
            let name = try IdentityName("person \(run)-\(person)")
            for number in 1...5 {
                guard let embedding = Embedding(values: (0..<128).map { Float($0 + number) }, model: digest) else {
                    exit(70)
                }
                let sample = NewSample(
                    image: [UInt8](repeating: UInt8(number), count: 20_000), width: 150, height: 150,
                    original: [UInt8](repeating: UInt8(number), count: 32), measurements: [], embedding: embedding)
                let enrollment = try await gallery.enroll(sample, as: name, modality: .face, by: nil)
                say("\(name)\t\(enrollment.sample.number)")
            }
        }
    }
}

let arguments = CommandLine.arguments
guard [2, 3, 5].contains(arguments.count), let digest = ModelDigest(bytes: [UInt8](repeating: 7, count: 32)) else {
    FileHandle.standardError.write(Data("usage: gallery-crash-writer GALLERY [rotation|SEED KEY PREVIOUS-KEY]\n".utf8))
    exit(64)
}
do {
    if arguments.count == 5, let seed = UInt64(arguments[2]), let current = UInt8(arguments[3]),
        let previous = UInt8(arguments[4])
    {
        try await CrashWriter.change(
            arguments[1], seed: seed,
            keys: WrappingKeys(
                current: WrappingKey(bytes: [UInt8](repeating: current, count: 32)),
                previous: WrappingKey(bytes: [UInt8](repeating: previous, count: 32))))
    } else if arguments.count == 3 {
        try await CrashWriter.holdRotation(arguments[1])
    } else {
        try await CrashWriter.enroll(arguments[1], digest: digest)
    }
} catch {
    // Not a crash: Swift would start a program to look into it, which outlives a kill and holds the output open.
    FileHandle.standardError.write(Data("gallery-crash-writer: \(error)\n".utf8))
    exit(69)
}
