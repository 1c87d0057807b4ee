import Foundation

/// What a finished program left behind.
public struct CommandResult: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String

    /// Standard output, read as one JSON object.
    public func json() throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] else {
            throw HarnessError("not a JSON object: \(output)")
        }
        return object
    }
}

/// Runs a program to its end.
public enum Command {
    /// - Parameter environment: Added to this process's own.
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: Data? = nil
    ) throws -> CommandResult {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files, not pipes: neither stream can fill up and stop the program.
        let folder = try TemporaryFolder()
        for name in ["in", "out", "err"] {
            guard FileManager.default.createFile(atPath: folder.appending(name), contents: name == "in" ? input ?? Data() : nil) else {
                throw HarnessError("cannot write in \(folder.path)")
            }
        }
        process.standardInput = FileHandle(forReadingAtPath: folder.appending("in"))
        process.standardOutput = FileHandle(forWritingAtPath: folder.appending("out"))
        process.standardError = FileHandle(forWritingAtPath: folder.appending("err"))
        try process.run()
        process.waitUntilExit()
        return CommandResult(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: String(decoding: FileManager.default.contents(atPath: folder.appending("out")) ?? Data(), as: UTF8.self),
            errors: String(decoding: FileManager.default.contents(atPath: folder.appending("err")) ?? Data(), as: UTF8.self))
    }
}
