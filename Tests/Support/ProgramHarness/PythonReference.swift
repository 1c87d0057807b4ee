// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The programs of Tests/Support/python, run by the Python that has the reference implementations.
public enum PythonReference {
    public static let missing = "LIKENESS_PYTHON names no program; scripts/test sets it"
    public static var isPresent: Bool { TestEnvironment.python != nil }

    /// Runs a script to its end, which has to be a good one.
    @discardableResult
    public static func run(
        _ script: String, _ arguments: [String], timeout: Duration = Command.defaultTimeout
    ) throws -> CommandResult {
        let (python, path) = try locate(script)
        let result = try Command.run(python, [path] + arguments, timeout: timeout)
        guard result.status == 0 else {
            throw HarnessError("\(script) ended with status \(result.status): \(result.output)\(result.errors)")
        }
        return result
    }

    /// As the other, but lets Swift's tasks go on.
    @discardableResult
    public static func run(
        _ script: String, _ arguments: [String], timeout: Duration = Command.defaultTimeout
    ) async throws -> CommandResult {
        try await OwnThread.run { try run(script, arguments, timeout: timeout) }
    }

    /// Starts a script that answers what is written to its standard input.
    public static func start(_ script: String) throws -> RunningProgram {
        let (python, path) = try locate(script)
        return try RunningProgram(python, [path], input: .pipe, output: .pipe)
    }

    private static func locate(_ script: String) throws -> (python: String, path: String) {
        guard let python = TestEnvironment.python else { throw HarnessError(missing) }
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return (python, folder.appendingPathComponent("python").appendingPathComponent(script).path)
    }
}
