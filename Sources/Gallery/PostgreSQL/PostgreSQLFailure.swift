// SPDX-License-Identifier: Apache-2.0

/// What a PostgreSQL server, or the way to it, did not do.
struct PostgreSQLFailure: Error {
    /// The five characters of the standard, as the server gave them; nil where no server spoke.
    let sqlState: String?
    let message: String
    /// Whether the connection is gone with it.
    let isConnectionLost: Bool
    /// Whether the server is not known to be the one that is meant.
    let isDistrust: Bool

    init(sqlState: String? = nil, _ message: String, isConnectionLost: Bool, isDistrust: Bool = false) {
        self.sqlState = sqlState
        self.isDistrust = isDistrust
        // libpq ends its lines, and begins some with what led to the failure.
        self.message = message.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }.joined(
            separator: "; ")
        self.isConnectionLost = isConnectionLost
    }

    /// Whether the server says that it goes down, is not up yet, or takes no changes any more, as one that has become a
    /// standby.
    var isServerAbsent: Bool { sqlState.map { $0.hasPrefix("08") || $0.hasPrefix("57P0") || $0 == "25006" } ?? false }

    /// - Parameter database: the connection without its password.
    func galleryError(database: String) -> GalleryError {
        if isDistrust { return .notTrusted(database: database, reason: message) }
        guard let sqlState else { return .unreachable(reason: message) }
        switch sqlState {
        case "53100": return .diskFull(path: database)
        case "55P03":
            return .busy(
                reason:
                    "somebody has held a lock on the gallery's tables for a minute, another daemon or whoever works on the database"
            )
        case "40001", "40P01", "57014": return .busy(reason: message)
        case "3D000", "42501": return .refused(database: database, reason: message)
        case "XX001", "XX002": return .damagedRecord(message)
        default: break
        }
        switch sqlState.prefix(2) {
        case "08", "53": return .unreachable(reason: message)
        case "28": return .refused(database: database, reason: message)
        case "23": return .damagedRecord(message)
        default:
            return isServerAbsent || isConnectionLost
                ? .unreachable(reason: message) : .storage(code: sqlState, reason: message)
        }
    }
}

extension GalleryError {
    /// What a failed access means.
    init(_ error: any Error, database: String) {
        switch error {
        case let error as GalleryError: self = error
        case let error as PostgreSQLFailure: self = error.galleryError(database: database)
        default: self = .storage(code: "?", reason: "\(error)")
        }
    }
}
