// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness

/// What dlib itself makes of images, by way of the reference program.
struct DlibReference {
    struct Face: Decodable, Sendable {
        let rect: [Int]
        let confidence: Double
        let landmarks: [[Int]]
        let chip: String
        let embedding: [Float]
    }

    struct Result: Decodable, Sendable {
        let image: String
        let width: Int
        let height: Int
        let faces: [Face]
    }

    let folder: URL
    /// In the order of the images.
    let results: [Result]

    /// Asks dlib about images, in as many processes as there are cores.
    ///
    /// The answers lie beside the program and are used again as long as the program is not built anew.
    static func answers(
        program: String, models: String, images: [String: RGBImage], enlargeBelow: Int, named name: String
    ) throws -> DlibReference {
        let folder = URL(fileURLWithPath: program + "." + name)
        let names = images.keys.sorted()
        let finished = folder.appendingPathComponent("finished")
        if try modified(finished.path) < modified(program) {
            try? FileManager.default.removeItem(at: folder)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for name in names { try write(images[name], to: folder.appendingPathComponent(name + ".ppm")) }
            try ask(program: program, models: models, names: names, folder: folder, enlargeBelow: enlargeBelow)
            try Data().write(to: finished)
        }
        var results: [Result] = []
        for part in 0..<Self.parts {
            let lines = try String(contentsOf: folder.appendingPathComponent("\(part)/results.jsonl"), encoding: .utf8)
            results += try lines.split(separator: "\n").map { line in
                try JSONDecoder().decode(Result.self, from: Data(line.utf8))
            }
        }
        return DlibReference(folder: folder, results: results)
    }

    /// The chip of a face of the result at an index.
    func chip(_ face: Face, of index: Int) throws -> RGBImage {
        let part = index < results.count / Self.parts ? 0 : 1
        return try Self.read(folder.appendingPathComponent("\(part)/\(face.chip)"))
    }

    private static let parts = 2

    private static func ask(program: String, models: String, names: [String], folder: URL, enlargeBelow: Int) throws {
        var running: [RunningProgram] = []
        for part in 0..<parts {
            let middle = names.count / parts
            let share = part == 0 ? names[..<middle] : names[middle...]
            let output = folder.appendingPathComponent("\(part)")
            try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
            running.append(
                try RunningProgram(
                    program,
                    [models, output.path, "--upscale-below", "\(enlargeBelow)"]
                        + share.map { folder.appendingPathComponent($0 + ".ppm").path },
                    environment: ["OPENBLAS_NUM_THREADS": "1"]))
        }
        for process in running {
            guard let status = process.status(within: .seconds(3600)) else {
                throw HarnessError("dlib takes longer than an hour")
            }
            guard status == 0 else { throw HarnessError("\(program) ended with status \(status)") }
        }
    }

    private static func modified(_ path: String) throws -> Date {
        guard FileManager.default.fileExists(atPath: path) else { return .distantPast }
        return try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date ?? .distantPast
    }

    private static func write(_ image: RGBImage?, to url: URL) throws {
        guard let image else { return }
        var bytes = Array("P6\n\(image.width) \(image.height)\n255\n".utf8)
        for pixel in image.pixels { bytes += [pixel.red, pixel.green, pixel.blue] }
        try Data(bytes).write(to: url)
    }

    /// Reads what the program writes: a PPM without comments.
    private static func read(_ url: URL) throws -> RGBImage {
        let bytes = [UInt8](try Data(contentsOf: url))
        let head = bytes.prefix(64).split(separator: UInt8(ascii: "\n"), maxSplits: 3).prefix(3)
        let size = String(decoding: head[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        let start = head.reduce(0) { $0 + $1.count + 1 }
        let pixels = stride(from: start, to: bytes.count - 2, by: 3).map {
            RGB(red: bytes[$0], green: bytes[$0 + 1], blue: bytes[$0 + 2])
        }
        return RGBImage(width: size[0], height: size[1], pixels: pixels)
    }
}
