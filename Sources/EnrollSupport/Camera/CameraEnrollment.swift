// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Foundation
import LikenessInterface
import Varlink

/// Enrols somebody who is before a camera: takes one look after another, says what is to be done where the daemon would
/// refuse one, and enrols them all in one step at the end, so that there is never half of it.
public struct CameraEnrollment: Sendable {
    /// What it may take.
    public struct Limits: Sendable {
        /// How many samples.
        public var looks = 3
        /// How often the camera takes pictures, all looks together.
        public var captures = 30
        public var time = Duration.seconds(120)
        /// What is left between two looks to move.
        public var pause = Duration.zero
        /// Whether a picture that is the very same again counts as no capture, so that one that is written now and then is
        /// waited for.
        public var waitsForAnother = false

        public init() {}
    }

    private let client: DaemonClient
    private let camera: Camera
    private let identity: String
    /// Nil for the one that the daemon takes.
    private let modality: Modality?
    private let largest: Bool
    private let limits: Limits
    /// Takes a line for who is before the camera.
    private let say: @Sendable (String) -> Void

    public init(
        client: DaemonClient, camera: Camera, identity: String, modality: Modality?, largest: Bool, limits: Limits,
        say: @escaping @Sendable (String) -> Void
    ) {
        self.client = client
        self.camera = camera
        self.identity = identity
        self.modality = modality
        self.largest = largest
        self.limits = limits
        self.say = say
    }

    /// - Throws: a failure that says why nothing is enrolled.
    public func report(interruption: Interruption = Interruption()) async throws(CommandFailure) -> CameraReport {
        // Before the camera is turned on: without a daemon, a right or room for samples it would be for nothing.
        let enrolled = try await requireRoom()
        var progress = Progress(end: .now + limits.time, modality: modality ?? enrolled ?? .face)
        while progress.looks.count < limits.looks {
            try await takeLook(&progress, interruption)
        }
        let reply = try await enroll(progress.looks, interruption)
        return CameraReport(reply, captures: progress.captures, refused: progress.refused)
    }

    /// What there is so far.
    private struct Progress {
        let end: ContinuousClock.Instant
        /// What is looked for, as far as that is known.
        var modality: Modality
        /// In base64.
        var looks: [String] = []
        var captures = 0
        var refused = 0
        /// By the digests of the files that were looked at.
        var seen: Set<Data> = []
        /// What was wrong most often is what is told at the end.
        var complaints: [String: Int] = [:]
        var told: String?

        init(end: ContinuousClock.Instant, modality: Modality) {
            self.end = end
            self.modality = modality
        }

        var millisecondsLeft: Int { max(0, Int((end - .now) / .milliseconds(1))) }
    }

    /// - Returns: the modality of an identity that is enrolled.
    private func requireRoom() async throws(CommandFailure) -> Modality? {
        let known: Int, enrolled: Modality?
        do throws(CommandFailure) {
            let found = try await client.call(Describe(identity: identity)).identity
            (known, enrolled) = (found.samples, found.modality)
        } catch  where error.name == "\(InterfaceNames.verification).NoSuchIdentity" {
            (known, enrolled) = (0, nil)
        }
        let room = EnrollmentImages.most - known
        guard limits.looks <= room else {
            throw CommandFailure(
                .cannotCreate, name: "\(InterfaceNames.verification).TooManySamples",
                message: room > 0
                    ? "“\(identity)” has \(known) samples, and \(EnrollmentImages.most) is the most: take \(room) (--samples \(room)), or remove one first (enroll remove NAME --sample N)"
                    : "“\(identity)” has \(known) samples already, which is the most; remove one first (enroll remove NAME --sample N)",
                parameters: ["identity": .string(identity), "limit": .int(Int64(EnrollmentImages.most))])
        }
        return enrolled
    }

    /// Has the camera take pictures once, and keeps the first that the daemon would enrol.
    private func takeLook(_ progress: inout Progress, _ interruption: Interruption) async throws(CommandFailure) {
        let look = progress.looks.count + 1
        guard !interruption.isRequested else { throw Self.nothing(after: Interruption.ended) }
        guard progress.captures < limits.captures, progress.millisecondsLeft > 0 else { throw gaveUp(progress) }
        tell(
            "Look \(look) of \(limits.looks): \(CameraAdvice.pose(look, of: progress.modality))", once: look, &progress)
        progress.captures += 1
        let frames: [Data]
        do throws(CommandFailure) {
            frames = try await camera.take(within: progress.millisecondsLeft, interruption)
        } catch {
            throw Self.nothing(after: error)
        }
        var advice: String?, isSame = true
        for frame in frames {
            guard progress.millisecondsLeft > 0 else { throw gaveUp(progress) }
            let image = frame.base64EncodedString()
            let isNew = progress.seen.insert(Data(SHA256.hash(data: frame))).inserted
            isSame = isSame && !isNew
            let complaint =
                isNew
                ? try await complaint(about: image, &progress, interruption)
                : "The camera gives the very same picture again."
            guard let complaint else {
                progress.looks.append(image)
                progress.told = nil
                say("Look \(look) is good.")
                if look < limits.looks { await rest(limits.pause, interruption) }
                return
            }
            progress.refused += 1
            progress.complaints[complaint, default: 0] += 1
            // The last one is of how it is now.
            advice = complaint
        }
        if let advice, advice != progress.told {
            progress.told = advice
            say(advice)
        }
        if limits.pause > .zero {
            if isSame, limits.waitsForAnother { progress.captures -= 1 }
            await rest(limits.pause / 2, interruption)
        }
    }

    /// Tells a line about a look, the first time that there is something to tell of it.
    private func tell(_ line: String, once look: Int, _ progress: inout Progress) {
        guard progress.told == nil else { return }
        progress.told = ""
        say(line)
    }

    /// Why the daemon would not enrol a picture, and what to do about it; nil where it would.
    private func complaint(
        about image: String, _ progress: inout Progress, _ interruption: Interruption
    ) async throws(CommandFailure) -> String? {
        while true {
            do throws(CommandFailure) {
                let looked = try await interruption.step { () async throws(CommandFailure) in
                    try await client.call(
                        CheckSample(identity: identity, image: image, modality: modality, largest: largest ? true : nil)
                    )
                }
                progress.modality = looked.modality
                return nil
            } catch {
                if let advice = CameraAdvice.about(error, of: progress.modality) { return advice }
                guard let wait = Self.wait(after: error), wait < .milliseconds(progress.millisecondsLeft),
                    !interruption.isRequested
                else { throw Self.nothing(after: error) }
                await rest(wait, interruption)
            }
        }
    }

    /// How long to wait where pictures were sent faster than they may be, or the daemon is busy; nil for every other
    /// failure.
    private static func wait(after failure: CommandFailure) -> Duration? {
        switch failure.name {
        case "\(InterfaceNames.verification).Busy": return .seconds(1)
        case "\(InterfaceNames.verification).TooManyAttempts":
            guard failure.parameters["locked"] != .bool(true),
                case .int(let seconds)? = failure.parameters["retry_after"]
            else { return nil }
            return .seconds(max(1, seconds))
        default: return nil
        }
    }

    private func enroll(
        _ looks: [String], _ interruption: Interruption
    ) async throws(CommandFailure) -> EnrollSamples.Reply {
        guard !interruption.isRequested else { throw Self.nothing(after: Interruption.ended) }
        do throws(CommandFailure) {
            return try await interruption.step { () async throws(CommandFailure) in
                try await client.call(
                    EnrollSamples(
                        identity: identity, images: looks, modality: modality, largest: largest ? true : nil))
            }
        } catch {
            throw EnrollmentReport.leavesOpen(error)
                ? error.followed(by: "all looks may be enrolled or none, see enroll show \(identity)")
                : Self.nothing(after: error)
        }
    }

    private func gaveUp(_ progress: Progress) -> CommandFailure {
        let most = progress.complaints.max { ($0.value, $1.key) < ($1.value, $0.key) }
        let why = most.map { ", mostly “\($0.key.hasSuffix(".") ? String($0.key.dropLast()) : $0.key)”" } ?? ""
        return Self.nothing(
            after: CommandFailure(
                .badData, name: "NoGoodLook",
                message:
                    "\(progress.looks.count) of \(limits.looks) looks were good after \(progress.captures) captures\(why)"
            ))
    }

    private static func nothing(after failure: CommandFailure) -> CommandFailure {
        failure.followed(by: "nothing is enrolled")
    }

    /// Waits, and no longer than until an interruption.
    private func rest(_ duration: Duration, _ interruption: Interruption) async {
        let end = ContinuousClock.now + duration
        while !interruption.isRequested, ContinuousClock.now < end {
            try? await Task.sleep(for: min(.milliseconds(50), end - .now))
        }
    }
}
