// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness

/// The scripts of this checkout, on the programs that the tests are about.
enum CheckoutScript {
    static let checkout = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let folder = checkout.appendingPathComponent("scripts")

    /// - Parameter name: of a file in `scripts`.
    static func run(_ name: String, _ arguments: [String]) throws -> CommandResult {
        let programs = (try Products.program("enroll") as NSString).deletingLastPathComponent
        return try Command.run(
            folder.appendingPathComponent(name).path, arguments,
            environment: ["LIKENESS_BIN": programs, "SOURCE_DATE_EPOCH": "1000000000"])
    }

    /// A program in Python that may import what `scripts/man-pages` is made of.
    static func python(_ program: String, _ arguments: [String] = []) throws -> CommandResult {
        let paths = [folder, folder.deletingLastPathComponent().appendingPathComponent("clients/python")].map(\.path)
        let start = "import sys; sys.dont_write_bytecode = True; sys.path[:0] = sys.argv[1:3]; del sys.argv[1:3]\n"
        return try Command.run("/usr/bin/env", ["python3", "-c", start + program] + paths + arguments)
    }
}
