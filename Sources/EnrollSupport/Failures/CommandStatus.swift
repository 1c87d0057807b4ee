// SPDX-License-Identifier: Apache-2.0

import LikenessInterface

/// What the command tells by its exit status; those from 64 to 78 are of BSD's sysexits, and 130 is a shell's for ^C.
public enum CommandStatus: Int32, Sendable, CaseIterable {
    case success = 0
    case noMatch = 1
    case inconclusive = 2
    case warningsFound = 3
    case problemsFound = 4
    case usage = 64
    case badData = 65
    case noInput = 66
    case notEnrolled = 67
    case unavailable = 69
    case internalError = 70
    case cannotCreate = 73
    case inputOutput = 74
    case tryAgain = 75
    case protocolError = 76
    case noPermission = 77
    case configuration = 78
    case interrupted = 130

    /// What it stands for, as the help prints it.
    public var meaning: String {
        switch self {
        case .success: "match, or done"
        case .noMatch: "no match"
        case .inconclusive: "inconclusive: the probe's quality supports no decision"
        case .warningsFound: "doctor found warnings, and no problem"
        case .problemsFound: "doctor found a problem"
        case .usage: "wrong usage: an argument, a name, or a rate without a threshold"
        case .badData: "bad data: not one good face or signature, or a damaged file or gallery"
        case .noInput: "an input file, or the picture of a camera, is missing or cannot be read"
        case .notEnrolled: "no such identity, sample, rotation or generation"
        case .unavailable: "the daemon cannot be reached or went away"
        case .internalError: "something failed that should not"
        case .cannotCreate: "an output file, or one more sample or identity, cannot be made"
        case .inputOutput: "reading or writing failed"
        case .tryAgain: "the daemon is busy or did not answer in time: try again"
        case .protocolError: "the daemon's answer is not understood"
        case .noPermission: "permission denied, or a daemon that is not to be trusted"
        case .configuration: "a model, or the configuration, is missing, damaged or not fit for this"
        case .interrupted: "interrupted or cancelled; what was done until then is told, or kept"
        }
    }

    /// The status of a comparison's result.
    public init(_ result: WireResult) {
        self =
            switch result {
            case .match: .success
            case .noMatch: .noMatch
            case .inconclusive: .inconclusive
            }
    }

    /// All of them with their meanings, a line each.
    public static var table: String {
        allCases.map { status in
            let number = "\(status.rawValue)"
            return "  " + String(repeating: " ", count: 3 - number.count) + "\(number)  \(status.meaning)"
        }.joined(separator: "\n")
    }
}
