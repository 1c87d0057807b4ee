// SPDX-License-Identifier: Apache-2.0

/// Something in a data set that was left out, and why.
public struct DataDefect: Sendable, Hashable, Codable, CustomStringConvertible {
    public let location: DataLocation
    /// What is wrong, as a clause.
    public let cause: String

    public init(location: DataLocation, cause: String) {
        self.location = location
        self.cause = cause
    }

    public var description: String { "\(location): \(cause)" }
}

/// How much of a data set was looked at, and what of it was left out.
public struct DataReport: Sendable, Hashable, Codable {
    /// The most defects that are kept; more are counted.
    public static let maximumDefects = 1000

    /// What is counted: “rows” or “images”.
    public let unit: String
    /// How many there were, good and bad.
    public internal(set) var total = 0
    /// How many of them were left out.
    public internal(set) var bad = 0
    /// The first of those left out, in order.
    public internal(set) var defects: [DataDefect] = []
    /// What is good and yet worth saying, such as an identity with one sample.
    public internal(set) var remarks: [String] = []

    init(unit: String) {
        self.unit = unit
    }

    mutating func note(_ defect: DataDefect) {
        bad += 1
        if defects.count < Self.maximumDefects { defects.append(defect) }
    }

    mutating func remark(_ text: String) {
        if remarks.count < Self.maximumDefects { remarks.append(text) }
    }

    /// - Throws: ``DataSetError/tooManyBad(_:maximumShare:)`` when more than the share is bad.
    func check(maximumShare: Double) throws(DataSetError) {
        guard Double(bad) <= maximumShare * Double(total) else { throw .tooManyBad(self, maximumShare: maximumShare) }
    }
}

/// Why a data set cannot be used.
public enum DataSetError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A file or folder is not there or cannot be read.
    case unreadable(path: String, reason: String)
    /// A list is not one of pairs.
    case notAList(location: DataLocation, reason: String)
    /// Something has more than is taken; `reason` is a clause.
    case tooLarge(reason: String)
    /// There is too little to train or to test on; `reason` is a clause.
    case tooLittle(reason: String)
    /// Images cannot be decoded, whatever they are; `reason` is a clause.
    case noDecoder(reason: String)
    /// More is bad than the run was told to bear.
    case tooManyBad(DataReport, maximumShare: Double)
    /// A checkpoint's state of a sampler is not of this sampler or these data.
    case stateMismatch(reason: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): \(reason)"
        case .notAList(let location, let reason): "\(location): this is no list of pairs: \(reason)"
        case .tooLarge(let reason): "The data set is too large: \(reason)."
        case .tooLittle(let reason): "The data set is too small: \(reason)."
        case .noDecoder(let reason): reason
        case .tooManyBad(let report, let share): Self.text(report, share: share)
        case .stateMismatch(let reason):
            "The state of the sampler does not fit: \(reason). Resume with the data and the recipe that the run began with."
        }
    }

    private static let namedDefects = 5

    private static func text(_ report: DataReport, share: Double) -> String {
        let percent = "\((share * 10_000).rounded() / 100) %"
        let first = report.defects.prefix(namedDefects).map { "\n  \($0)" }.joined()
        let rest = report.bad - min(report.bad, namedDefects)
        return "\(report.bad) of \(report.total) \(report.unit) are bad, and at most \(percent) may be:\(first)"
            + (rest > 0 ? "\n  and \(rest) more" : "")
            + "\nCorrect or remove them, or allow a larger share."
    }
}
