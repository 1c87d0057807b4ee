// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The tools of systemd that this host has.
enum Systemd {
    static let analyze = tool("systemd-analyze")
    static let socketActivate = tool("systemd-socket-activate")

    /// What `systemd-socket-activate` has to pass on: it starts programs with an environment of their own.
    static let kept = ["HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LD_LIBRARY_PATH", "PATH"]
        .map { "--setenv=\($0)" }

    /// The folder of the units in this checkout.
    static let units = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("systemd").path

    private static func tool(_ name: String) -> String? {
        ["/usr/bin/", "/bin/"].map { $0 + name }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
