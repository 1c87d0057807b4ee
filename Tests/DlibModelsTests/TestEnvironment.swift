import Foundation

/// Where the test script says things are.
enum TestEnvironment {
    /// The folder with dlib's three files.
    static let models = folder("LIKENESS_DLIB_MODELS")
    /// The program that asks dlib itself.
    static let reference = folder("LIKENESS_DLIB_REFERENCE")
    /// The folder with the data sets.
    static let shared = folder("LIKENESS_SHARED")

    /// Whether the compiler optimised this build: numerics are a hundred times as slow without.
    static var isOptimised: Bool {
        #if DEBUG
        false
        #else
        true
        #endif
    }

    static var faces: String? {
        guard let shared else { return nil }
        let path = shared + "/data/orl-faces"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    private static func folder(_ name: String) -> String? {
        guard let path = ProcessInfo.processInfo.environment[name], FileManager.default.fileExists(atPath: path) else {
            return nil
        }
        return path
    }
}
