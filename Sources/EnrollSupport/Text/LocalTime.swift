// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Times as the wire states them, in the time of the place: `2026-01-31T13:00:00+01:00`.
public struct LocalTime: Sendable {
    private let style: Date.ISO8601FormatStyle

    public init(timeZone: TimeZone = .current) {
        style = Date.ISO8601FormatStyle(timeZoneSeparator: .colon, timeZone: timeZone)
    }

    /// - Parameter seconds: Since 1970-01-01T00:00:00Z.
    public func text(_ seconds: Int) -> String {
        // Years 1 to 9999; a calendar need not know what lies beyond.
        guard (-62_135_596_800...253_402_300_799).contains(seconds) else { return "\(seconds) s" }
        return Date(timeIntervalSince1970: Double(seconds)).formatted(style)
    }
}
