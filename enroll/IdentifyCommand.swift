// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Biometrics
import EnrollSupport
import LikenessInterface
import Recognition

/// `enroll identify`.
struct IdentifyCommand: AnswersByExitStatus {
    static let configuration = CommandConfiguration(
        commandName: "identify",
        abstract: "Tell whose face or signature of all enrolled an image shows, or that it is nobody's known.",
        discussion: """
            How often a stranger is taken for somebody grows with the number of those who are enrolled: the answer states the \
            false-positive identification rate (FPIR), and --fpir asks for a threshold that keeps one. A reference is one of those \
            who are enrolled, or each of their samples where verification.rule of the daemon's configuration is minimum.
            With --all each face of the picture is asked for, the \(PreparedFaces.limit) largest of many; each counts as an \
            attempt. The result is a match where somebody is known, and inconclusive where nobody is and some faces support no \
            decision.
            Exit status 0: match, 1: no match, 2: inconclusive; 64 and above: errors, see enroll --help.
            """)

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

    @Flag(
        help: "Ask for every face of a picture of several people; not with --limit, --largest or a --modality but face."
    )
    var all = false

    @Option(
        help: ArgumentHelp(
            "The false-positive identification rate that the threshold has to keep among the references of now, such as 1e-2; not with --fmr.",
            valueName: "rate"))
    var fpir: Double?

    @OptionGroup var options: ProbeOptions
    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        if let limit, !Identify.limits.contains(limit) {
            throw ValidationError("--limit takes a whole number from \(Self.bounds), not \(limit)")
        }
        if let fpir {
            guard fpir > 0, fpir < 1 else {
                throw ValidationError("--fpir takes a rate between 0 and 1, such as 1e-2")
            }
            guard options.fmr == nil else {
                throw ValidationError("--fpir and --fmr both choose the threshold; leave one of them out")
            }
        }
        guard all else { return }
        guard limit == nil, !options.largest else {
            throw ValidationError("--all tells the nearest of every face; leave --limit and --largest out")
        }
        guard modality ?? .face == .face else {
            throw ValidationError("--all searches for faces; leave --modality out")
        }
    }

    func answer() async throws -> CommandStatus {
        let image = try InputFile.base64(probe)
        if all {
            let reply = try await daemon.client.call(
                IdentifyAll(image: image, operatingPoint: options.fmr, identificationRate: fpir))
            try daemon.output.print(reply, text: GroupText.identification(reply))
            return CommandStatus(reply.result)
        }
        let reply = try await one(image)
        // One that passes over what it does not know would have decided at another threshold.
        if fpir != nil, reply.falsePositiveIdentification == nil {
            throw CommandFailure(
                .protocolError, name: "BadReply",
                message: "the daemon is of an earlier version, which knows no --fpir; its answer is not taken")
        }
        try daemon.output.print(reply, text: DecisionText.identification(reply))
        return CommandStatus(reply.result)
    }

    /// The answer of one face or signature.
    private func one(_ image: String) async throws -> Identify.Reply {
        do {
            return try await daemon.client.call(
                Identify(
                    image: image, modality: modality, operatingPoint: options.fmr, identificationRate: fpir,
                    limit: limit,
                    largest: options.largest ? true : nil))
        } catch let failure as CommandFailure where failure.name == ServiceFailure.severalFacesName {
            throw failure.followed(by: "--all asks for every face")
        }
    }
}
