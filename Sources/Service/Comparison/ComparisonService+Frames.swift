// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition
import Varlink

/// VerifyFrames: several frames of one attempt, and one decision.
///
/// The first frame that supports a decision decides. Which one that is depends on no comparison, so that an attempt is
/// let through as often as a single picture is, however the frames depend on one another, and whatever a caller puts
/// into the others.
extension ComparisonService {
    typealias DecidedFrame = (comparison: Comparison, frame: Int)

    /// What one decision is asked for.
    struct Attempt: Sendable {
        /// In the order in which they were taken; not empty.
        let images: [String]
        let operatingPoint: Double?
        let largest: Bool?
        let user: Int?
        /// Counts the frames that were looked at.
        let looks = LookedAtFaces()

        init(_ parameters: Verify) {
            images = [parameters.image]
            operatingPoint = parameters.operatingPoint
            largest = parameters.largest
            user = parameters.user
        }

        init(_ parameters: VerifyFrames) {
            images = parameters.images
            operatingPoint = parameters.operatingPoint
            largest = parameters.largest
            user = parameters.user
        }
    }

    /// - Throws: as ``verify(_:_:)``, and `VarlinkError` for a number of frames out of range.
    func verifyFrames(
        _ parameters: VerifyFrames, _ call: ServiceCall<VerifyFrames>
    ) async throws -> VerifyFrames.Reply {
        try call.caller.checkOperatingPoint(parameters.operatingPoint)
        let name = try IdentityName(sent: parameters.identity)
        guard VerifyFrames.limits.contains(parameters.images.count) else {
            throw VarlinkError.invalidParameter("images")
        }
        try await call.caller.checkVerification(of: name, for: parameters.user)
        try Base64Image.check(
            together: parameters.images, limits: configuration.value.images, called: "all frames together")
        let attempt = Attempt(parameters)
        // The first one is counted with the attempt.
        defer { attempts.owe(call.caller, for: parameters.user, attempt.looks.count - 1) }
        return try await attempts.counted(call.caller, for: parameters.user, identity: name) {
            let (comparison, frame) = try await verification(of: attempt, name, call.caller)
            let reply = VerifyFrames.Reply(
                comparison.reply(identity: name, for: call.grants), modality: comparison.modality, frame: frame)
            try await call.enter(
                .verify, identity: name, model: ModelDigest(hexadecimal: reply.model), result: reply.result.rawValue)
            return (reply, reply.result)
        }
    }

    /// The first frame that supports a decision, and its number; where none does, the first on which something was
    /// measured. Those behind it are not looked at.
    ///
    /// - Throws: ``ServiceFailure`` for an image that is not read, or where every frame shows nobody or several people.
    func firstUsable(
        of attempt: Attempt, _ modality: Modality, _ caller: Caller
    ) async throws -> (probe: Probe, frame: Int) {
        var measured: (probe: Probe, frame: Int)?, refusal: ServiceFailure?
        for (place, image) in attempt.images.enumerated() {
            let frame = place + 1
            do {
                attempt.looks.increment()
                let probe = try await embed(
                    image, modality: modality, largest: attempt.largest, for: attempt.user, caller)
                if probe.isAcceptable { return (probe, frame) }
                measured = measured ?? (probe, frame)
            } catch let failure as ServiceFailure {
                let told = attempt.images.count > 1 ? failure.naming(picture: "frame \(frame)") : failure
                switch failure {
                case .noFace, .severalFaces: refusal = refusal ?? told
                default: throw told
                }
            }
        }
        if let measured { return measured }
        throw refusal ?? .internal(message: "an attempt has no frame")
    }
}
