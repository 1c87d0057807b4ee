// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Biometrics
import EnrollSupport
import LikenessInterface

/// `enroll identify`.
struct IdentifyCommand: AnswersByExitStatus {
    static let configuration = CommandConfiguration(
        commandName: "identify",
        abstract: "Tell whose face or signature of all enrolled an image shows, or that it is nobody's known.",
        discussion: "Exit status 0: match, 1: no match, 2: inconclusive; 64 and above: errors, see enroll --help.")

    private static let bounds = "\(Identify.limits.lowerBound) to \(Identify.limits.upperBound)"

    @Argument(help: "An image file; “-” for standard input.", completion: .image)
    var probe: String

    @Option(
        help: ArgumentHelp(
            "How many of the nearest are listed, \(Self.bounds); default: \(Identify.defaultLimit).",
            valueName: "number"))
    var limit: Int?

    @Option(help: "What the image shows: face, signature or glyph; default: the first that the daemon has a model for.")
    var modality: Modality?

    @OptionGroup var options: ProbeOptions
    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        if let limit, !Identify.limits.contains(limit) {
            throw ValidationError("--limit takes a whole number from \(Self.bounds), not \(limit)")
        }
    }

    func answer() async throws -> CommandStatus {
        let reply = try await daemon.client.call(
            Identify(
                image: try InputFile.base64(probe), modality: modality, operatingPoint: options.fmr, limit: limit,
                largest: options.largest ? true : nil))
        try daemon.output.print(reply, text: DecisionText.identification(reply))
        return CommandStatus(reply.result)
    }
}
