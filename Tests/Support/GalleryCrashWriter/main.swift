import Biometrics
import Foundation
import Gallery
import GalleryChurn

// Enrols without end into the gallery named by the first argument, a file or how libpq reaches a database, and prints each enrolment once it is
// acknowledged: "NAME NUMBER". With a seed and two keys' bytes (the current one and the one before) as further arguments it changes the
// gallery in every way there is, see Churn. With the word "rotation" it takes that lock, says whether it has it, and holds it. The test
// kills it amid writes and compares.
enum CrashWriter {
    static func isConnection(_ gallery: String) -> Bool { gallery.contains("=") }

    static func open(_ gallery: String, _ options: SQLGallery.Options = SQLGallery.Options()) async throws -> SQLGallery {
        if isConnection(gallery) { return try await PostgreSQLGallery.open(connection: gallery, options: options) }
        return try await SQLiteGallery.open(path: gallery, options: options)
    }
}
let arguments = CommandLine.arguments
guard [2, 3, 5].contains(arguments.count), let digest = ModelDigest(bytes: [UInt8](repeating: 7, count: 32)) else {
    FileHandle.standardError.write(Data("usage: gallery-crash-writer GALLERY [rotation|SEED KEY PREVIOUS-KEY]\n".utf8))
    exit(64)
}
if arguments.count == 5, let seed = UInt64(arguments[2]), let current = UInt8(arguments[3]), let previous = UInt8(arguments[4]) {
    var options = SQLGallery.Options()
    options.keys = WrappingKeys(
        current: WrappingKey(bytes: [UInt8](repeating: current, count: 32)),
        previous: WrappingKey(bytes: [UInt8](repeating: previous, count: 32)))
    var churn = Churn(
        gallery: try await CrashWriter.open(arguments[1], options),
        copy: CrashWriter.isConnection(arguments[1]) ? nil : arguments[1] + ".copy", seed: seed,
        say: { FileHandle.standardOutput.write(Data(($0 + "\n").utf8)) })
    try await churn.run()
}
let gallery = try await CrashWriter.open(arguments[1])
if arguments.count == 3 {
    FileHandle.standardOutput.write(Data((try await gallery.takeRotation() ? "held\n" : "another's\n").utf8))
    while true { sleep(60) }
}
_ = try await gallery.activate(
    ModelDescription(digest: digest, modality: .face, name: "test", version: "1", embeddingSize: 128))
let run = ProcessInfo.processInfo.processIdentifier
for person in 0... {
    let name = try IdentityName("person \(run)-\(person)")
    for number in 1...5 {
        guard let embedding = Embedding(values: (0..<128).map { Float($0 + number) }, model: digest) else { exit(70) }
        let sample = NewSample(
            image: [UInt8](repeating: UInt8(number), count: 20_000), width: 150, height: 150,
            original: [UInt8](repeating: UInt8(number), count: 32), measurements: [], embedding: embedding)
        let enrolment = try await gallery.enrol(sample, as: name, modality: .face, by: nil)
        FileHandle.standardOutput.write(Data("\(name)\t\(enrolment.sample.number)\n".utf8))
    }
}
