// SPDX-License-Identifier: Apache-2.0

import Logging

/// The fields of one journal entry, as `systemd.journal-fields(7)` names them.
package struct JournalFields: Sendable {
    /// `NAME=value` one after the other.
    package private(set) var text: [UInt8] = []
    package private(set) var offsets: [Int] = []
    package private(set) var lengths: [Int] = []

    /// libsystemd takes as many; more is dropped rather than the entry.
    package static let most = 128

    package init() {}

    package mutating func append(_ name: String, _ value: String) {
        guard offsets.count < Self.most else { return }
        offsets.append(text.count)
        text += Array(name.utf8)
        text.append(UInt8(ascii: "="))
        text += Array(value.utf8)
        lengths.append(text.count - offsets[offsets.count - 1])
    }

    /// A metadata key as a field name: upper case, letters, digits and underscores, our prefix before it, so
    /// that it can never stand for a field that the journal itself gives meaning to. At most 64 bytes.
    package static func name(of key: String) -> String {
        var name = "LIKENESS_"
        for byte in key.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): name.unicodeScalars.append(Unicode.Scalar(byte - 32))
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default: name += "_"
            }
        }
        return String(name.prefix(64))
    }

    /// The priority of `syslog(3)` that a level stands for.
    package static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
