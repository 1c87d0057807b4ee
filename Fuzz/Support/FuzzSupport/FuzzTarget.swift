// SPDX-License-Identifier: Apache-2.0

import CFuzzer
import Glibc

/// A reader of bytes that strangers write, as a program that libFuzzer runs.
package protocol FuzzTarget {
    /// What has to be there before the first input.
    static func prepare() throws

    /// Reads one input as the product reads it.
    ///
    /// - Throws: how the product answers an input that is no good, which is not a finding. Findings are what ends the
    ///   program: traps, reports of a sanitizer, and an input that takes more time or memory than the script allows.
    static func read(_ input: [UInt8]) throws
}

extension FuzzTarget {
    package static func prepare() {}

    package static func main() throws {
        try prepare()
        reader = read
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { data, size in
                do {
                    try reader(Array(UnsafeBufferPointer(start: data, count: size)))
                } catch {
                    // Its words are made of the input too.
                    _ = "\(error)"
                }
                return 0
            })
    }
}

/// Ends the program over an input that was answered otherwise than it should be; the words of a trap are left out of optimised code.
package func endWithFinding(_ reason: String) -> Never {
    _ = "finding: \(reason)\n".withCString { write(STDERR_FILENO, $0, strlen($0)) }
    abort()
}

/// The program's one target, which libFuzzer's callback cannot carry: it is a C function. Set once, before the first call,
/// and used by one thread.
private nonisolated(unsafe) var reader: ([UInt8]) throws -> Void = { _ in }
