import Foundation

/// Where the built programs and the material for tests are.
public enum Products {
    /// The folder of the built programs: `LIKENESS_BIN`, or the folder of the running program.
    public static let folder: String? = {
        if let named = ProcessInfo.processInfo.environment["LIKENESS_BIN"] { return named }
        guard let own = Bundle.main.executablePath else { return nil }
        let folder = (own as NSString).deletingLastPathComponent
        return FileManager.default.isExecutableFile(atPath: folder + "/likenessd") ? folder : nil
    }()

    /// The folder of data sets and reference networks, where there is one.
    public static let shared = existing(ProcessInfo.processInfo.environment["LIKENESS_SHARED"])

    /// The folder of dlib's three networks, where there is one.
    public static let dlibModels = existing(ProcessInfo.processInfo.environment["LIKENESS_DLIB_MODELS"])

    /// A Python with the reference implementations, where there is one.
    public static let python = existing(ProcessInfo.processInfo.environment["LIKENESS_PYTHON"])

    private static func existing(_ path: String?) -> String? {
        path.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
    }

    /// The path of a built program.
    public static func program(_ name: String) throws -> String {
        guard let folder else {
            throw HarnessError("the built programs were not found; set LIKENESS_BIN to their folder")
        }
        let path = (folder as NSString).appendingPathComponent(name)
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw HarnessError("\(name) is not built in \(folder)")
        }
        return path
    }
}
