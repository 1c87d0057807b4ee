// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import Foundation

/// How pictures are taken for an enrolment.
struct CameraOptions: ParsableArguments {
    @Flag(help: "Take the pictures by a camera, in place of image files.")
    var camera = false

    @Option(help: ArgumentHelp("How many samples to take by the camera; default: 3.", valueName: "number"))
    var samples: Int?

    @Option(
        help: ArgumentHelp(
            "The command that takes pictures: a program's absolute path and its arguments.",
            discussion:
                "It writes JPEG or PNG pictures to its standard output, one behind the other, and is ended when there are enough. Words with blanks between them, or in quotes as in \(CaptureCommand.configurationPath).",
            valueName: "command"), transform: TextArgument.checked)
    var capture: String?

    @Option(
        help: ArgumentHelp(
            "Whom the command runs as where root enrols; default: whom \(CaptureCommand.configurationPath) names or, of --capture, \(CaptureCommand.usualUser).",
            valueName: "user"), transform: TextArgument.checked)
    var captureUser: String?

    @Option(help: ArgumentHelp("How long the camera is tried for; default: 120.", valueName: "seconds"))
    var cameraSeconds: Int?

    private static let seconds = 1...3600

    func validate() throws {
        let isUsed = samples != nil || capture != nil || captureUser != nil || cameraSeconds != nil
        guard camera || !isUsed else {
            throw ValidationError("--samples, --capture, --capture-user and --camera-seconds go with --camera")
        }
        guard samples.map((1...EnrollmentImages.most).contains) ?? true else {
            throw ValidationError("--samples takes a whole number from 1 to \(EnrollmentImages.most)")
        }
        guard cameraSeconds.map(Self.seconds.contains) ?? true else {
            throw ValidationError(
                "--camera-seconds takes a whole number from \(Self.seconds.lowerBound) to \(Self.seconds.upperBound)")
        }
        guard capture != nil || captureUser == nil else {
            throw ValidationError(
                "--capture-user goes with --capture; \(CaptureCommand.configurationPath) names its own")
        }
    }

    var limits: CameraEnrollment.Limits {
        var limits = CameraEnrollment.Limits()
        if let samples { limits.looks = samples }
        if let cameraSeconds { limits.time = .seconds(cameraSeconds) }
        // Somebody who reads what to do needs a moment to do it; of whoever is told by a program little is known.
        let isTerminal = isatty(STDERR_FILENO) == 1
        limits.pause = isTerminal ? .seconds(2) : .milliseconds(500)
        limits.waitsForAnother = isTerminal
        return limits
    }

    func opened(enrolling identity: String) throws(CommandFailure) -> Camera {
        let command =
            if let capture { try CaptureCommand(given: capture, user: captureUser) } else { try CaptureCommand() }
        return Camera(command: command, user: try CaptureUser(of: command, enrolling: identity))
    }
}
