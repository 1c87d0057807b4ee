import Foundation
import Testing

/// Programs of Tests/Support/python, and the folders they fill.
enum PythonReference {
    static let missing: Comment = "LIKENESS_PYTHON is not set; run scripts/test"
    static let interpreter = ProcessInfo.processInfo.environment["LIKENESS_PYTHON"]
    static var isPresent: Bool { interpreter != nil }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a script to its end; what it prints goes to the tests' output.
    static func run(_ script: String, _ arguments: [String]) throws {
        guard let interpreter else { throw Failure(description: "\(missing)") }
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Support/python/\(script)")
        let process = Process()
        process.executableURL = URL(filePath: interpreter)
        process.arguments = [path.path] + arguments
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(script) ended with status \(process.terminationStatus)")
        }
    }

    static func temporaryFolder(_ name: String) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}

/// The networks that the project's data brings.
enum SharedNetworks {
    static let missing: Comment = "LIKENESS_SHARED is not set; run scripts/test"
    static let names = ["MobileFaceNet", "yunet_n_320_320", "yunet_n_dynamic"]
    static var isPresent: Bool { folder != nil }

    private static let folder = ProcessInfo.processInfo.environment["LIKENESS_SHARED"].map { URL(filePath: $0 + "/weights") }

    static func url(_ name: String) -> URL { (folder ?? URL(filePath: "/")).appending(path: name + ".onnx") }

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }
}
