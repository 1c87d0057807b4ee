// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import GRDB

extension GalleryError {
    /// What a failed access means.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as GalleryError:
            self = error
        case let error as FileFailure:
            self.init(error)
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL:
            self = .diskFull(path: path)
        case let error as DatabaseError
        where error.resultCode == .SQLITE_IOERR && error.extendedResultCode != .SQLITE_IOERR_NOMEM:
            self = .diskFailed(path: path, reason: Self.words(of: error))
        case let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN:
            self = .openingFile(error, path: path)
        case let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED:
            self = .busy(reason: "another program has locked “\(path)”")
        case let error as DatabaseError where error.resultCode == .SQLITE_MISUSE:
            self = .closed
        case let error as DatabaseError where Self.isDamage(error):
            self = .damagedRecord(error.message ?? "SQLite found the file inconsistent")
        case let error as DatabaseError:
            self = .storage(
                code: "\(error.extendedResultCode.rawValue)", reason: error.message ?? "\(error.resultCode)")
        default:
            self = .storage(code: "?", reason: "\(error)")
        }
    }

    /// What a failure to open the file means.
    static func opening(_ error: any Error, path: String) -> GalleryError {
        switch error {
        case let error as DatabaseError where isDamage(error):
            .notAGallery(path: path, reason: error.message ?? "it is no SQLite database")
        case let error as DatabaseError where error.resultCode == .SQLITE_READONLY:
            .cannotOpen(path: path, reason: error.message ?? "\(error.resultCode)")
        case let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED:
            .inUse(path: path)
        default:
            GalleryError(error, path: path)
        }
    }

    /// SQLite does not tell why a file cannot be opened: asks the system whether as many as a database needs (itself,
    /// the log, the shared memory, the folder) could be. The gallery's own are not tried, because closing them would
    /// give up the process's locks.
    private static func openingFile(_ error: DatabaseError, path: String) -> GalleryError {
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        for _ in 0..<4 {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return .system(errno, path: path) }
            descriptors.append(descriptor)
        }
        return .cannotOpen(path: path, reason: error.message ?? "\(error.resultCode)")
    }

    private static func words(of error: DatabaseError) -> String {
        switch error.extendedResultCode {
        case .SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ: "it cannot be read"
        case .SQLITE_IOERR_WRITE: "it cannot be written"
        case .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC: "what was written is not made durable"
        default: "\(error.message ?? "disk I/O error") (code \(error.extendedResultCode.rawValue))"
        }
    }

    private static func isDamage(_ error: DatabaseError) -> Bool {
        error.resultCode == .SQLITE_NOTADB || error.resultCode == .SQLITE_CORRUPT
            || error.resultCode == .SQLITE_CONSTRAINT
    }
}
