// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery

// Uses a gallery in the folder named by the first argument while this process may open so many more files, from none
// on, and at last as many as it likes. Prints for each attempt "ROOM WHAT RESULT", separated by tabs.
guard CommandLine.arguments.count == 2, let digest = ModelDigest(bytes: [UInt8](repeating: 7, count: 32)),
    let embedding = Embedding(values: [1, 2, 3], model: digest)
else {
    FileHandle.standardError.write(Data("usage: gallery-without-descriptors FOLDER\n".utf8))
    exit(64)
}
let folder = CommandLine.arguments[1]
let model = ModelDescription(digest: digest, modality: .face, name: "test", version: "1", embeddingSize: 3)
let gallery = try await SQLiteGallery.open(path: folder + "/gallery.sqlite")
_ = try await gallery.activate(model)

/// Lets the process open so many more files than it has open.
func leave(_ room: Int?) throws {
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    getrlimit(files, &limit)
    limit.rlim_cur = limit.rlim_max
    guard setrlimit(files, &limit) == 0 else { throw POSIXError(.EPERM) }
    guard let room else { return }
    // The next one takes the lowest number that is free.
    let free = dup(STDIN_FILENO)
    close(free)
    limit.rlim_cur = rlim_t(Int(free) + room)
    guard free >= 0, setrlimit(files, &limit) == 0 else { throw POSIXError(.EPERM) }
}

func attempt(_ room: Int?, _ what: String, _ body: () async throws -> Void) async {
    let result: String
    do {
        try await body()
        result = "done"
    } catch {
        result = "\(error)"
    }
    print([room.map(String.init) ?? "all", what, result].joined(separator: "\t"))
}

for room in Array(0..<12).map(Optional.some) + [nil] {
    try leave(room)
    await attempt(room, "enrol") {
        let sample = NewSample(
            image: [1], width: 1, height: 1, original: [UInt8](repeating: 1, count: 32), measurements: [],
            embedding: embedding)
        _ = try await gallery.enroll(sample, as: try IdentityName("person \(room ?? 99)"), modality: .face, by: nil)
    }
    await attempt(room, "list") { _ = try await gallery.identities() }
    let copy = folder + "/copy.sqlite"
    await attempt(room, "backup") { try await gallery.backUp(to: copy, by: nil) }
    await attempt(room, "copy") { if unlink(copy) != 0 { throw GalleryError.notSupported("there is none") } }
    await attempt(room, "open") { try await SQLiteGallery.open(path: folder + "/other.sqlite").close() }
}
await attempt(nil, "count") { throw GalleryError.notSupported("\(try await gallery.counts().identities)") }
try await gallery.close()
