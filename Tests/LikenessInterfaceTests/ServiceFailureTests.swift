import Foundation
import LikenessInterface
import Testing

@Suite struct ServiceFailureTests {
    private static let everyFailure: [ServiceFailure] = [
        .noSuchIdentity(identity: "alice"),
        .noSuchSample(identity: "alice", sample: 3),
        .tooManySamples(identity: "alice", limit: 5),
        .invalidName(message: "m"),
        .imageRejected(cause: "truncated", message: "m"),
        .noFace(message: "m"),
        .severalFaces(count: 2),
        .lowQuality(unacceptable: [WireMeasurement(quantity: "brightness", value: 12.34, minimum: 40)]),
        .modalityMismatch(identity: "alice", message: "m"),
        .noSuchOperatingPoint(asked: 0.5, available: [0.01, 0.001]),
        .busy(limit: 32),
        .stopping,
        .internal(message: "m"),
    ]

    @Test(arguments: everyFailure)
    func `every failure is an error that the interface declares, with just its parameters`(_ failure: ServiceFailure) throws {
        let shortName = try #require(failure.name.split(separator: ".").last)
        let declaration = try #require(
            InterfaceDescriptions.verification.split(separator: "\n").first { $0.hasPrefix("error \(shortName) (") })
        let declared = declaration.split(separator: "(", maxSplits: 1)[1].split(separator: ")")[0].split(separator: ",")
            .map { $0.split(separator: ":")[0].trimmingCharacters(in: .whitespaces) }
        let encoded = try JSONSerialization.jsonObject(with: JSONEncoder().encode(failure)) as? [String: Any]
        #expect(Set(try #require(encoded).keys) == Set(declared))
        #expect(encoded?["message"] as? String == failure.description)
    }

    @Test func `a measurement out of its limits is told with value, limit and remedy`() {
        let failure = ServiceFailure.lowQuality(unacceptable: [WireMeasurement(quantity: "brightness", value: 12.34, minimum: 40)])
        #expect(
            failure.description
                == "the image is not good enough to enrol: the face is too dark: brightness 12.34, and at least 40 is needed; add light")
    }
}
