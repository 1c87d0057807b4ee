// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import LikenessInterface

/// `enroll metrics`.
struct MetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Print what the daemon has counted, as Prometheus reads it.",
        discussion: """
            Calls by method and result, time by stage, refused pictures by cause, the queue and the gallery; nobody is named. \
            It takes the role monitor. With --output the text is put in the place of a file in one step, for \
            node_exporter's folder of text files; everybody may read that file.
            """)

    @Option(help: ArgumentHelp("Write a file, which others may read.", valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        guard output == nil || !daemon.output.json else {
            throw ValidationError("--output writes the text that Prometheus reads; leave --json out")
        }
    }

    func run() async throws {
        let reply = try await daemon.client.call(Metrics())
        guard let output, output != "-" else { return try daemon.output.print(reply, text: reply.text) }
        try ReplacedFile.write(reply.text, to: output)
    }
}
