// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A row of the failed comparisons.
///
/// Nothing of it is secret but the name, of which it has the keyed hash. It is authenticated: a writer without the
/// gallery's key cannot take failures away, and damage is told as damage.
struct AttemptRow: Sendable, Hashable {
    static let columns = "caller, name_hash, failures, last_ms, blocked_until_ms, seal"
    /// Of the column of failures, in one failure.
    private static let unit = 1e6

    let caller: UInt32
    /// Empty for the caller's comparisons with anybody.
    let nameHash: Data
    let record: AttemptRecord

    init(caller: UInt32, nameHash: Data, record: AttemptRecord) {
        self.caller = caller
        self.nameHash = nameHash
        self.record = record
    }

    /// Reads the columns of ``columns``, in their order.
    ///
    /// - Throws: ``GalleryError/damagedRecord(_:)`` for a row that was changed, or is another's.
    init(_ row: SQLRow, keys: DataKeys) throws(GalleryError) {
        guard let caller = UInt32(exactly: try row.integer(0)) else {
            throw .damagedRecord("\(try row.integer(0)) is no user")
        }
        let failures = try row.integer(2)
        guard (0...Int64(AttemptRecord.mostFailures * Self.unit)).contains(failures) else {
            throw .damagedRecord("there cannot be \(Double(failures) / Self.unit) failures")
        }
        self.init(
            caller: caller, nameHash: try row.bytes(1),
            record: AttemptRecord(
                failures: Double(failures) / Self.unit, last: Date(milliseconds: try row.integer(3)),
                blockedUntil: try row.optionalInteger(4).map(Date.init(milliseconds:))))
        guard try row.bytes(5) == seal(keys) else { throw .damagedRecord("it was changed, or is another's") }
    }

    /// What is wrong with a row; nil where nothing is.
    static func damage(of row: SQLRow, keys: DataKeys) -> String? {
        do throws(GalleryError) {
            _ = try AttemptRow(row, keys: keys)
            return nil
        } catch {
            if case .damagedRecord(let what) = error { return what }
            return "\(error)"
        }
    }

    func values(_ keys: DataKeys) -> [SQLValue] {
        [
            .integer(Int64(caller)), .bytes(nameHash), .integer(failures), .integer(record.last.milliseconds),
            .optional(record.blockedUntil?.milliseconds), .bytes(seal(keys)),
        ]
    }

    private var failures: Int64 {
        // What is no number stands for the most: it is no reason to forgive.
        let most = AttemptRecord.mostFailures
        return Int64(((record.failures <= most ? max(0, record.failures) : most) * Self.unit).rounded())
    }

    private func seal(_ keys: DataKeys) -> Data {
        var writer = RecordWriter()
        writer.integer(Int64(caller))
        writer.bytes(nameHash)
        writer.integer(failures)
        writer.integer(record.last.milliseconds)
        writer.optional(record.blockedUntil?.milliseconds) { $0.integer($1) }
        return keys.secrets.hash(of: "attempts", writer.data)
    }
}

extension Date {
    /// Since 1970, to the nearest; for a time further off than can be told, one as far as can be.
    fileprivate var milliseconds: Int64 {
        Int64(min(max((timeIntervalSince1970 * 1000).rounded(), -9e18), 9e18))
    }

    fileprivate init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}
