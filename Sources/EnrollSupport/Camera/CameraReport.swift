// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Wording

/// What became of an enrolment from a camera: every look is enrolled.
public struct CameraReport: Sendable, Encodable {
    public let identity: String
    public let enrolled: Int
    /// How many samples the identity has now.
    public let samples: Int
    public let results: [WireNewSample]
    /// How often the camera took pictures, and how many of these were not good enough.
    public let captures: Int
    public let refused: Int
    public let model: String

    init(_ reply: EnrollSamples.Reply, captures: Int, refused: Int) {
        identity = reply.identity
        enrolled = reply.enrolled.count
        samples = reply.samples
        results = reply.enrolled
        model = reply.model
        self.captures = captures
        self.refused = refused
    }

    public var text: String {
        let name = PrintableText.of(identity), numbers = results.map { "\($0.sample)" }.joined(separator: ", ")
        return
            "\(NumberText.count(enrolled, "look")) of the camera enrolled as \(enrolled == 1 ? "sample" : "samples") "
            + "\(numbers) of \(name); \(name) has \(NumberText.count(samples, "sample"))\n"
    }

    /// What goes to standard error: the daemon's warnings.
    public var complaints: String {
        results.flatMap { result in
            result.warnings.map {
                "enroll: warning: \(PrintableText.of("sample \(result.sample): \($0.message)"))\n"
            }
        }.joined()
    }
}
