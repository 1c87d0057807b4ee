// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Foundation
import Wording

extension GalleryTransaction {
    func record(_ event: AuditEvent) throws {
        let row = AuditRow(
            number: summary.auditEnd.number + 1, time: now, action: event.action.rawValue,
            user: event.actor.map { Int64($0.user) },
            process: event.actor.map { Int64($0.process) }, executable: event.actor?.executable,
            nameHash: event.identity.map(keys.hash(of:)), sample: event.sample.map(Int64.init),
            model: event.model.map { Data($0.bytes) },
            result: event.destination.map {
                AuditDestination(sample: $0.number, nameHash: keys.hash(of: $0.identity)).text
            } ?? event.result)
        try append(row)
    }

    func append(_ row: AuditRow) throws {
        let chain = row.chain(after: summary.auditEnd.chain, key: keys.secrets.audit)
        try sql.execute(
            """
            INSERT INTO audit
                (number, time, action, user_id, process_id, executable, name_hash, sample, model_sha256, result, chain)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(row.number), .integer(row.time), .text(row.action), .optional(row.user),
                .optional(row.process),
                .optional(row.executable), .optional(row.nameHash), .optional(row.sample), .optional(row.model),
                .optional(row.result), .bytes(chain),
            ])
        summary.auditEnd = AuditLink(number: row.number, chain: chain)
    }
}

/// A row of the audit log.
struct AuditRow: Sendable {
    static let columns =
        "number, time, action, user_id, process_id, executable, name_hash, sample, model_sha256, result, chain"

    let number: Int64
    let time: Int64
    let action: String
    let user: Int64?
    let process: Int64?
    let executable: String?
    let nameHash: Data?
    let sample: Int64?
    let model: Data?
    let result: String?

    init(
        number: Int64, time: Int64, action: String, user: Int64?, process: Int64?, executable: String?, nameHash: Data?,
        sample: Int64?,
        model: Data?, result: String?
    ) {
        self.number = number
        self.time = time
        self.action = action
        self.user = user
        self.process = process
        self.executable = executable
        self.nameHash = nameHash
        self.sample = sample
        self.model = model
        self.result = result
    }

    /// Reads the columns of ``columns``, in their order.
    init(_ row: SQLRow) throws(GalleryError) {
        number = try row.integer(0)
        time = try row.integer(1)
        action = try row.text(2)
        user = try row.optionalInteger(3)
        process = try row.optionalInteger(4)
        executable = try row.optionalText(5)
        nameHash = try row.optionalBytes(6)
        sample = try row.optionalInteger(7)
        model = try row.optionalBytes(8)
        result = try row.optionalText(9)
    }

    /// The authentication code of the entry: HMAC-SHA-256 over the code of the entry before and everything in this one.
    func chain(after previous: Data, key: SymmetricKey) -> Data {
        var record = RecordWriter()
        record.bytes(previous)
        record.integer(number)
        record.integer(time)
        record.text(action)
        record.optional(user) { $0.integer($1) }
        record.optional(process) { $0.integer($1) }
        record.optional(executable) { $0.text($1) }
        record.optional(nameHash) { $0.bytes($1) }
        record.optional(sample) { $0.integer($1) }
        record.optional(model) { $0.bytes($1) }
        record.optional(result) { $0.text($1) }
        return Data(HMAC<SHA256>.authenticationCode(for: record.data, using: key))
    }

    /// Where a sample was moved to, where the entry is about that.
    var destination: AuditDestination? {
        action == AuditEntry.Action.moveSample.rawValue ? result.flatMap(AuditDestination.init) : nil
    }

    /// - Parameter name: finds the name of an enrolled identity by its hash.
    func entry(name: (Data) -> IdentityName?) throws(GalleryError) -> AuditEntry {
        guard let action = AuditEntry.Action(rawValue: action) else {
            throw .damagedRecord("the audit log has the unknown action “\(action)”")
        }
        let actor = user.flatMap { user in
            process.map {
                AuditActor(
                    user: UInt32(truncatingIfNeeded: user), process: Int32(truncatingIfNeeded: $0),
                    executable: executable)
            }
        }
        return AuditEntry(
            number: number, time: Date(timeIntervalSince1970: TimeInterval(time)), action: action, actor: actor,
            nameHash: nameHash.map { [UInt8]($0) }, identity: nameHash.flatMap(name), sample: sample.map { Int($0) },
            destination: destination.map {
                AuditEntry.Destination(nameHash: [UInt8]($0.nameHash), identity: name($0.nameHash), sample: $0.sample)
            },
            model: model.flatMap { ModelDigest(bytes: [UInt8]($0)) }, result: destination == nil ? result : nil)
    }
}

/// Where a sample was moved to, as the column `result` of an entry has it: a row has one column for a name's hash.
struct AuditDestination: Sendable, Hashable {
    let sample: Int
    let nameHash: Data

    init(sample: Int, nameHash: Data) {
        self.sample = sample
        self.nameHash = nameHash
    }

    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 4, words[0] == "sample", words[2] == "of", let sample = Int(words[1]),
            let digest = ModelDigest(hexadecimal: String(words[3]))
        else { return nil }
        self.init(sample: sample, nameHash: Data(digest.bytes))
    }

    var text: String { "sample \(sample) of \(Self.hexadecimal(nameHash))" }

    /// What the text ends with.
    static func hexadecimal(_ nameHash: Data) -> String { HexadecimalText.of(nameHash) }
}
