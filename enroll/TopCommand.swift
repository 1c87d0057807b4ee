// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport

/// `enroll top`.
struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Show live what the daemon does: calls, times, the queue, the gallery.",
        discussion: """
            Calls a second by method and result, times by stage with their percentiles, who waits, lock-outs, memory, decoders \
            that ended, a rotation under way. It takes the role monitor. On a terminal it is drawn in place, until ^C; elsewhere \
            it is printed after each interval. --once prints one interval and ends. With --json each interval is one object on a \
            line. It waits 10 seconds for an answer unless --timeout says otherwise. Percentiles are found between the bounds that the daemon counts by, as Prometheus does.
            """)

    @Option(
        help: ArgumentHelp(
            "Seconds between two looks, \(TopRun.intervals.lowerBound) to \(Int(TopRun.intervals.upperBound)).",
            valueName: "seconds"))
    var interval = 2.0

    @Flag(help: "Print one interval and end.")
    var once = false

    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        guard TopRun.intervals.contains(interval) else {
            throw ValidationError(
                "--interval takes seconds from \(TopRun.intervals.lowerBound) to \(Int(TopRun.intervals.upperBound))")
        }
    }

    func run() async throws {
        let run = TopRun(
            socket: try daemon.choice.place, timeout: daemon.timeout.map { .seconds($0) } ?? .seconds(10),
            interval: .seconds(interval))
        guard !once, !daemon.output.json, TopScreen.isPossible else {
            return try await run.printLoads(once: once, asJSON: daemon.output.json)
        }
        try await run.show(on: TopScreen())
    }
}
