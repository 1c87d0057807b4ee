import Foundation
import Imaging

/// Where the test script says things are.
enum TestEnvironment {
    static let python = existing("LIKENESS_PYTHON")
    static let shared = existing("LIKENESS_SHARED")

    /// The AT&T (ORL) faces: a folder per person, s01 to s40, of 01.png to 10.png.
    static var faces: String? { inShared("data/orl-faces") }
    static var weights: String? { inShared("weights") }
    static let missing = "LIKENESS_SHARED or LIKENESS_PYTHON names nothing that is there"

    /// Whether the compiler optimised this build: numerics are a hundred times as slow without.
    static var isOptimised: Bool {
        #if DEBUG
        false
        #else
        true
        #endif
    }

    static func face(_ person: Int, _ image: Int) throws -> RGBImage {
        try RGBImage(decoding: faceBytes(person, image))
    }

    static func faceBytes(_ person: Int, _ image: Int) throws -> [UInt8] {
        let path = "\(faces ?? "")/s\(person < 10 ? "0" : "")\(person)/\(image < 10 ? "0" : "")\(image).png"
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func weight(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(weights ?? "")/\(name)")))
    }

    /// Runs a script of Tests/Support/python and returns what it prints.
    static func runPython(_ script: String, _ arguments: [String]) throws -> Data {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: python ?? "")
        process.arguments = [folder.appendingPathComponent("Support/python/\(script)").path] + arguments
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return data
    }

    private static func inShared(_ path: String) -> String? {
        guard let shared, FileManager.default.fileExists(atPath: shared + "/" + path) else { return nil }
        return shared + "/" + path
    }

    private static func existing(_ name: String) -> String? {
        guard let path = ProcessInfo.processInfo.environment[name], FileManager.default.fileExists(atPath: path) else {
            return nil
        }
        return path
    }
}

/// A folder of its own, removed when the test ends.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("recognition-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
