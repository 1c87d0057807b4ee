// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import LikenessInterface
import Varlink

/// Enrols photographs one after the other. One that fails leaves what is enrolled and does not stop the next.
public struct EnrollmentRun: Sendable {
    private let client: DaemonClient
    private let identity: String
    private let modality: Modality?
    private let largest: Bool

    public init(client: DaemonClient, identity: String, modality: Modality?, largest: Bool) {
        self.client = client
        self.identity = identity
        self.modality = modality
        self.largest = largest
    }

    /// - Parameters:
    ///   - photographs: paths, carried as ``EscapedBytes`` says.
    ///   - interruption: after it what is left is not tried, and told so.
    ///   - progress: is told how many photographs are done.
    public func report(
        photographs: [String], interruption: Interruption = Interruption(), progress: (Int) -> Void = { _ in }
    ) async -> EnrollmentReport {
        var outcomes: [EnrollmentReport.Outcome] = [], isDenied = false
        for photograph in photographs {
            progress(outcomes.count)
            let shown = EscapedBytes.printable(photograph)
            let result: Result<Enroll.Reply, CommandFailure>
            do throws(CommandFailure) {
                guard !interruption.isRequested else { throw Interruption.notTried.about(shown) }
                guard !isDenied else { throw Self.notTried.about(shown) }
                let image = try InputFile.base64(photograph)
                result = .success(try await enroll(image, of: shown, interruption))
            } catch {
                result = .failure(error)
                // The user would be asked for the password again for each.
                isDenied = isDenied || error.name == Self.notTried.name
            }
            outcomes.append(EnrollmentReport.Outcome(photograph: shown, result: result))
        }
        progress(outcomes.count)
        return EnrollmentReport(identity: identity, outcomes: outcomes)
    }

    private func enroll(
        _ image: String, of photograph: String, _ interruption: Interruption
    ) async throws(CommandFailure) -> Enroll.Reply {
        do throws(CommandFailure) {
            return try await interruption.step { () async throws(CommandFailure) in
                try await client.call(
                    Enroll(
                        identity: identity, image: image, modality: modality, largest: largest ? true : nil))
            }
        } catch {
            let told = modality == nil ? Self.telling(modalityOf: error) : error
            throw EnrollmentReport.failure(told, photograph: photograph, identity: identity)
        }
    }

    private static let notTried = CommandFailure(
        .noPermission, name: ServiceFailure.notAuthorizedName,
        message: "not tried, since polkit did not allow the one before it")

    /// Says as what a picture was read that the daemon refuses, where nobody said what it is.
    package static func telling(modalityOf failure: CommandFailure) -> CommandFailure {
        switch failure.name {
        case "\(InterfaceNames.verification).NoFace":
            return failure.followed(by: "for a signature, add --modality signature")
        case "\(InterfaceNames.verification).LowQuality":
            guard case .array(let measurements)? = failure.parameters["unacceptable"],
                measurements.contains(where: { measurement in
                    guard case .object(let fields) = measurement else { return false }
                    return signatureQuantities.contains(fields["quantity"]?.stringValue ?? "")
                })
            else { return failure }
            return failure.followed(
                by: "it was read as a signature; for a face, add --modality face, which says what is missing")
        default: return failure
        }
    }

    /// What is measured of signatures and of no face.
    private static let signatureQuantities = Set(
        [QualityMeasurement.Quantity.ink, .halfTones, .formLines, .pieces, .signatures, .signatureSize].map(\.rawValue))
}
