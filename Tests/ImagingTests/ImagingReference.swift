// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness

/// Image files, and what Pillow and NumPy read from them: `Tests/Support/python/imaging_reference.py`.
struct ImagingReference: Sendable {
    let folder: URL

    /// Made once for all tests.
    static let shared = Result { try ImagingReference() }

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "imaging-reference-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try PythonReference.run("imaging_reference.py", [folder.path])
    }

    /// The names of the image files whose name begins so.
    func files(_ prefix: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasPrefix(prefix) && $0.pathExtension != "rgb" }
            .sorted { $0.path < $1.path }
    }

    func bytes(_ url: URL) throws -> [UInt8] {
        Array(try Data(contentsOf: url))
    }

    /// The pixels that the reference gives for `name`.
    func expected(_ name: String) throws -> RGBImage {
        let bytes = try bytes(folder.appending(path: name + ".rgb"))
        func number(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        let pixels = stride(from: 8, to: bytes.count, by: 3).map {
            RGB(red: bytes[$0], green: bytes[$0 + 1], blue: bytes[$0 + 2])
        }
        return RGBImage(width: number(0), height: number(4), pixels: pixels)
    }
}

extension Image where Pixel == RGB {
    /// The greatest difference of a level; nil where the sizes differ.
    func greatestDifference(from other: RGBImage) -> Int? {
        guard width == other.width, height == other.height else { return nil }
        return zip(pixels, other.pixels).reduce(0) { most, pair in
            let (a, b) = pair
            let differences = [(a.red, b.red), (a.green, b.green), (a.blue, b.blue)].map { abs(Int($0) - Int($1)) }
            return max(most, differences.max() ?? 0)
        }
    }
}

extension Image where Pixel == UInt8 {
    /// The grey levels of a file.
    init(
        decoding bytes: [UInt8], limits: DecodingLimits = .default, shouldStop: () -> Bool = { false }
    ) throws(ImagingError) {
        self = try RGBImage(decoding: bytes, limits: limits, shouldStop: shouldStop).grayscale()
    }
}

/// Debian's programs that write and read HEIC.
enum HEIFTools {
    static let areThere =
        ["/usr/bin/heif-enc", "/usr/bin/heif-convert"].allSatisfy(FileManager.default.isExecutableFile)
        && ImageFormat.read.contains(.heic)

    /// A picture as a HEIC file, and what heif-convert reads of that.
    static func encoded(_ picture: RGBImage, options: [String]) throws -> (file: [UInt8], expected: RGBImage) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "heic-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "source.png"), file = folder.appending(path: "picture.heic")
        let back = folder.appending(path: "back.png")
        try Data(picture.pngBytes()).write(to: source)
        _ = try Command.run("/usr/bin/heif-enc", options + ["-o", file.path, source.path])
        _ = try Command.run("/usr/bin/heif-convert", [file.path, back.path])
        return (Array(try Data(contentsOf: file)), try RGBImage(decoding: Array(try Data(contentsOf: back))))
    }
}
