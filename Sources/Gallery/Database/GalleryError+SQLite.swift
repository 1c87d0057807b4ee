import GRDB

extension GalleryError {
    /// What a failed access means.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as GalleryError:
            self = error
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL:
            self = .diskFull(path: path)
        case let error as DatabaseError where error.resultCode == .SQLITE_MISUSE:
            self = .closed
        case let error as DatabaseError where Self.isDamage(error):
            self = .damagedRecord(error.message ?? "SQLite found the file inconsistent")
        case let error as DatabaseError:
            self = .storage(code: error.extendedResultCode.rawValue, reason: error.message ?? "\(error.resultCode)")
        default:
            self = .storage(code: -1, reason: "\(error)")
        }
    }

    /// What a failure to open the file means.
    static func opening(_ error: any Error, path: String) -> GalleryError {
        switch error {
        case let error as DatabaseError where isDamage(error):
            .notAGallery(path: path, reason: error.message ?? "it is no SQLite database")
        case let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY:
            .cannotOpen(path: path, reason: error.message ?? "\(error.resultCode)")
        case let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED:
            .inUse(path: path)
        default:
            GalleryError(error, path: path)
        }
    }

    private static func isDamage(_ error: DatabaseError) -> Bool {
        error.resultCode == .SQLITE_NOTADB || error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_CONSTRAINT
    }
}
