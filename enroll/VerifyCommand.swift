// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import LikenessInterface

/// `enroll verify`.
struct VerifyCommand: AnswersByExitStatus {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Tell whether an image shows a person who is enrolled, or their signature.",
        discussion: "Exit status 0: match, 1: no match, 2: inconclusive; 64 and above: errors, see enroll --help.")

    @Argument(help: "The person's name.", completion: .identity, transform: TextArgument.checked)
    var name: String

    @Argument(help: "An image file; “-” for standard input.", completion: .image)
    var probe: String

    @OptionGroup var options: ProbeOptions
    @OptionGroup var daemon: DaemonOptions

    func answer() async throws -> CommandStatus {
        let reply = try await daemon.client.call(
            Verify(
                identity: name, image: try InputFile.base64(probe), operatingPoint: options.fmr,
                largest: options.largest ? true : nil))
        try daemon.output.print(reply, text: DecisionText.verification(reply))
        return CommandStatus(reply.result)
    }
}
