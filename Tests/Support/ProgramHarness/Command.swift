// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a finished program left behind.
public struct CommandResult: Sendable {
    /// The exit status, or the negative number of the signal that ended it.
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
    /// Long enough for any run that ends at all, on a busy machine too.
    public static let defaultTimeout = Duration.seconds(600)

    /// - Parameters:
    ///   - environment: Added to this process's own.
    ///   - timeout: The program is killed, and an error thrown, if it runs longer.
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: Data? = nil,
        timeout: Duration = defaultTimeout
    ) throws -> CommandResult {
        // Files, not pipes: neither stream can fill up and stop the program.
        let folder = try TemporaryFolder()
        if let input { try input.write(to: URL(fileURLWithPath: folder.appending("in"))) }
        let running = try RunningProgram(
            program, arguments, environment: environment,
            input: input == nil ? .nothing : .file(folder.appending("in")),
            output: .file(folder.appending("out")), errors: .file(folder.appending("err")))
        let status = running.status(within: timeout)
        if status == nil { try running.kill() }
        func text(_ name: String) -> String {
            String(decoding: FileManager.default.contents(atPath: folder.appending(name)) ?? Data(), as: UTF8.self)
        }
        let result = CommandResult(status: status ?? -SIGKILL, output: text("out"), errors: text("err"))
        guard status != nil else {
            let command = ([program] + arguments).joined(separator: " ")
            throw HarnessError("killed after \(timeout), having printed “\(result.output)\(result.errors)”: \(command)")
        }
        return result
    }

    /// As the other, but lets Swift's tasks go on.
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: Data? = nil,
        timeout: Duration = defaultTimeout
    ) async throws -> CommandResult {
        try await OwnThread.run {
            try run(program, arguments, environment: environment, input: input, timeout: timeout)
        }
    }
}
