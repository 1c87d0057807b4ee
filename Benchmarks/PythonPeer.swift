// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness

/// A Python process that is asked a line at a time over pipes, and answers each with a line.
final class PythonPeer {
    private let program: RunningProgram
    private let requests: FileHandle
    private let replies: FileHandle
    private let folder: TemporaryFolder

    /// - Parameters:
    ///   - script: the program's text.
    ///   - arguments: makes the words of the program's command line, given a folder for files between the two.
    init(python: String, script: String, arguments: (TemporaryFolder) throws -> [String]) throws {
        folder = try TemporaryFolder()
        let file = folder.appending("peer.py")
        try script.write(toFile: file, atomically: true, encoding: .utf8)
        program = try RunningProgram(python, [file] + arguments(folder), input: .pipe, output: .pipe)
        guard let requests = program.input, let replies = program.output else {
            throw HarnessError("\(python) has no pipes")
        }
        self.requests = requests
        self.replies = replies
    }

    func ask(_ question: String) throws -> String {
        try requests.write(contentsOf: Data((question + "\n").utf8))
        var line = Data()
        while true {
            guard let byte = try replies.read(upToCount: 1), let value = byte.first else {
                throw HarnessError("the Python process ended; its complaint is above")
            }
            if value == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(value)
        }
    }

    /// The numbers of single precision in a file of the folder.
    func numbers(_ name: String) throws -> [Float] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.appending(name)))
        return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    func stop() {
        try? requests.close()
        if program.status(within: .seconds(30)) == nil { try? program.kill() }
    }

    /// Writes numbers of single precision to a file of a folder and returns its path.
    static func write(_ numbers: [Float], _ name: String, in folder: TemporaryFolder) throws -> String {
        let file = folder.appending(name)
        try numbers.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: file)) }
        return file
    }
}
