// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the built programs are: in the folder `LIKENESS_BIN`, or beside the running program.
public enum Products {
    private static let folders = [
        ProcessInfo.processInfo.environment["LIKENESS_BIN"],
        Bundle.main.executablePath.map { ($0 as NSString).deletingLastPathComponent },
    ].compactMap { $0 }

    public static func contains(_ name: String) -> Bool {
        (try? program(name)) != nil
    }

    /// The path of a built program.
    public static func program(_ name: String) throws -> String {
        let paths = folders.map { ($0 as NSString).appendingPathComponent(name) }
        guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
            throw HarnessError(
                "\(name) is not built in \(folders.joined(separator: " or ")); set LIKENESS_BIN to its folder")
        }
        return path
    }
}
