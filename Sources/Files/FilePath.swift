// SPDX-License-Identifier: Apache-2.0

/// Parts of a path, by its text alone.
public enum FilePath {
    /// The folder that the last name of a path is in: `.` for a bare name.
    ///
    /// Written out here because Foundation's `deletingLastPathComponent` ends the program for a name of one character.
    public static func folder(of path: String) -> String {
        guard let last = path.lastIndex(where: { $0 != "/" }) else { return path.isEmpty ? "." : "/" }
        let name = path[...last]
        guard let slash = name.lastIndex(of: "/") else { return "." }
        guard let end = name[..<slash].lastIndex(where: { $0 != "/" }) else { return "/" }
        return String(name[...end])
    }
}
