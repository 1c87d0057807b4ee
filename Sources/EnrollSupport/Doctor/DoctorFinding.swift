// SPDX-License-Identifier: Apache-2.0

/// What one check of the doctor came to.
public struct DoctorFinding: Sendable, Hashable {
    public enum Level: String, Sendable, Hashable, CaseIterable {
        case problem
        case warning
        /// It could not be looked at, and may be anything.
        case unknown
        case ok
    }

    /// What was looked at, in a word or two that stay as they are: `service`, `key file`.
    public let check: String
    public let level: Level
    public let says: DoctorText
    /// What to do about it; nil where there is nothing to do.
    public let remedy: DoctorText?

    public init(_ level: Level, _ check: String, _ says: DoctorText, remedy: DoctorText? = nil) {
        self.level = level
        self.check = check
        self.says = says
        self.remedy = remedy
    }

    static func ok(_ check: String, _ says: DoctorText) -> DoctorFinding { DoctorFinding(.ok, check, says) }

    static func warning(_ check: String, _ says: DoctorText, remedy: DoctorText) -> DoctorFinding {
        DoctorFinding(.warning, check, says, remedy: remedy)
    }

    static func problem(_ check: String, _ says: DoctorText, remedy: DoctorText) -> DoctorFinding {
        DoctorFinding(.problem, check, says, remedy: remedy)
    }

    /// - Parameter reason: the end of a sentence: `needs root`.
    static func notLookedAt(_ check: String, _ reason: DoctorText) -> DoctorFinding {
        DoctorFinding(.unknown, check, "not looked at: \(reason)")
    }
}

/// All that the doctor found.
public struct DoctorReport: Sendable {
    /// Problems first, then warnings, then what was not looked at; each in the order of the checks.
    public let findings: [DoctorFinding]

    public init(_ findings: [DoctorFinding]) {
        self.findings = DoctorFinding.Level.allCases.flatMap { level in findings.filter { $0.level == level } }
    }

    func count(_ level: DoctorFinding.Level) -> Int { findings.reduce(0) { $0 + ($1.level == level ? 1 : 0) } }

    public var status: CommandStatus {
        count(.problem) > 0 ? .problemsFound : count(.warning) > 0 ? .warningsFound : .success
    }
}
