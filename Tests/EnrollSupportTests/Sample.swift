// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import LikenessInterface
import Varlink

/// Values of the wire for tests.
enum Sample {
    static let digest = String(repeating: "ab", count: 32)

    static func model(_ name: String = "old") -> WireModelIdentity {
        WireModelIdentity(
            digest: name == "old" ? digest : String(repeating: "cd", count: 32), name: name, version: "1",
            modality: .face, embeddingSize: 2)
    }

    static func report(
        acceptable: Bool = false, objections: [String] = ["the EER rises by 2 percentage points, and 1 is allowed"]
    ) -> WireRotationReport {
        WireRotationReport(
            samples: 300, embedded: 298, refused: 2,
            refusals: [WireRefusal(identity: "山田", sample: 2, reason: "no face is found")],
            before: WireSeparation(
                genuinePairs: 300, impostorPairs: 44_850, equalErrorRate: 0.012, lower: 0.008, upper: 0.017),
            after: WireSeparation(genuinePairs: 298, impostorPairs: 44_253, equalErrorRate: 0.032),
            disagreeing: 1,
            disagreements: [WireDisagreement(identity: "bob", sample: 3, distance: 1.001, threshold: 1)],
            equalErrorRateRise: 0.02, maxDrop: 0.01, acceptable: acceptable, objections: objections)
    }

    static func rotation(
        _ phase: WireRotation.Phase, done: Int = 0, dryRun: Bool = false, report: WireRotationReport? = nil,
        message: String = "m"
    ) -> WireRotation {
        WireRotation(
            modality: .face, from: model(), to: model("new"), dryRun: dryRun, phase: phase, done: done, total: 300,
            secondsLeft: 12.5,
            message: message, report: report, resumed: false)
    }

    static func generation(_ id: Int, _ state: WireGeneration.State, _ model: String = "old") -> WireGeneration {
        WireGeneration(id: id, model: Self.model(model), state: state, created: 0, samples: 300, refused: 0)
    }

    static let png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3] as [UInt8]
    static let jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 4, 5] as [UInt8]

    static func identity(_ name: String, images: Bool = true) -> WireExportedIdentity {
        let samples = [png, jpeg].enumerated().map { index, image in
            WireExportedSample(
                number: index + 1, enrolled: 100 + index, image: images ? Data(image).base64EncodedString() : nil,
                kind: images ? .crop : nil, width: 3, height: 2, original: digest,
                measurements: [WireMeasurement(quantity: "sharpness", value: 12.5, minimum: 5)],
                embeddings: [WireExportedEmbedding(model: digest, numbers: [0.1, -0.25])])
        }
        return WireExportedIdentity(name: name, modality: .face, enrolled: 100, updated: 101, samples: samples)
    }

    static func client(_ socket: String, timeout: Duration = .seconds(20)) -> DaemonClient {
        DaemonClient(socket: SocketChoice(path: socket, trusted: users), timeout: timeout)
    }

    /// This user and root.
    static let users = TrustedUsers(caller: geteuid(), others: [])

    /// An error of the daemon, as a script throws it.
    static func error(_ failure: ServiceFailure) throws -> VarlinkError {
        try VarlinkError(name: failure.name, encoding: failure)
    }
}
