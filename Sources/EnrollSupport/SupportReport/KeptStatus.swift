// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Recognition

/// What of a daemon's status may leave the host.
struct KeptStatus: Encodable {
    struct Model: Encodable {
        let digest: String
        let name: String
        let version: String
        let modality: String
        let embeddingSize: Int
        let operatingPoint: Double?
        let falseMatchRates: [Double]
        var active: Bool?
        var files: Int?

        private enum CodingKeys: String, CodingKey {
            case digest, name, version, modality, embeddingSize = "embedding_size", operatingPoint = "operating_point"
            case falseMatchRates = "false_match_rates", active, files
        }

        init(_ model: WireModel) {
            digest = Self.plain(model.digest)
            name = Self.plain(model.name)
            version = Self.plain(model.version)
            modality = model.modality.rawValue
            embeddingSize = model.embeddingSize
            operatingPoint = model.operatingPoint
            falseMatchRates = model.operatingPoints.map(\.falseMatchRate)
        }

        /// A package of a folder, without what is written in it in free words.
        init(_ summary: ModelSummary) {
            self.init(summary.model)
            active = summary.active
            files = summary.files.count
        }

        static func plain(_ text: String) -> String { PlainWord.isOne(text) ? text : "…" }
    }

    let version: String
    let state: String
    let uptimeSeconds: Double
    let models: [Model]
    let measuresFaceCover: Bool
    let identities: Int
    let samples: Int
    let encrypted: Bool
    let isRotating: Bool
    let hasProblem: Bool
    let workers: Int
    let queueLength: Int
    let queueLimit: Int
    let requests: Int
    let refusedBusy: Int
    let residentBytes: Int
    let decodersEnded: Int?
    let failing: Int?
    let lockedOut: Int?

    private enum CodingKeys: String, CodingKey {
        case version, state, uptimeSeconds = "uptime_seconds", models, measuresFaceCover = "measures_face_cover"
        case identities, samples, encrypted, isRotating = "is_rotating", hasProblem = "has_problem", workers
        case queueLength = "queue_length", queueLimit = "queue_limit", requests, refusedBusy = "refused_busy"
        case residentBytes = "resident_bytes", decodersEnded = "decoders_ended", failing, lockedOut = "locked_out"
    }

    init(_ status: Status.Reply) {
        version = Model.plain(status.version)
        state = status.state.rawValue
        uptimeSeconds = status.uptimeSeconds
        models = status.models.map(Model.init)
        measuresFaceCover = status.faceCover != nil
        identities = status.identities
        samples = status.samples
        encrypted = status.encrypted
        isRotating = status.rotation != nil
        hasProblem = status.problem != nil
        workers = status.workers
        queueLength = status.queueLength
        queueLimit = status.queueLimit
        requests = status.requests
        refusedBusy = status.refusedBusy
        residentBytes = status.residentBytes
        decodersEnded = status.decodersEnded
        failing = status.attempts?.failing
        lockedOut = status.attempts?.lockedOut
    }
}
