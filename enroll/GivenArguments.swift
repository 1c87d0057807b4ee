// SPDX-License-Identifier: Apache-2.0

import EnrollSupport

/// The command line of this process.
enum GivenArguments {
    static let tree = CommandTree(Enroll.self)
    /// Those of ``Output``, ``DaemonOptions`` and ``ModelOptions``.
    static let commonOptions = CommandTree.CommonOptions(
        flags: ["--json"], valued: ["--socket", "--timeout", "--daemon-user", "--models"])

    /// As the parser takes them: options that may stand before a subcommand behind it.
    static let ordered = tree.ordered(GivenProcess.arguments, commonOptions)

    /// Also where the arguments cannot be parsed.
    static let askForJSON = ordered.prefix { $0 != "--" }.contains("--json")
}
