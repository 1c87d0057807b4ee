// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Synchronization

/// The files of an open gallery as this process left them, by which it is known when somebody else moves, replaces or
/// writes them.
///
/// SQLite itself looks at none of that: it goes on with the files that it opened, wherever they are, and believes that
/// every other writer keeps to its locks.
final class SQLiteFiles: Sendable {
    /// What a file is known again by.
    private struct Stamp: Equatable {
        let device: dev_t
        let inode: ino_t
        let size: off_t
        let seconds: Int
        let nanoseconds: Int

        init(_ status: stat) {
            device = status.st_dev
            inode = status.st_ino
            size = status.st_size
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }

        /// Of whatever has the path now; nil where nothing has.
        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            self.init(status)
        }

        func isSameFile(as other: Stamp) -> Bool { device == other.device && inode == other.inode }
    }

    private struct State {
        /// After this process's last work on them.
        var file: Stamp
        var log: Stamp?
        var sharedMemory: Stamp?
        /// SQLite's count of others' commits, as the writer sees it; nil where it is to be taken as it comes.
        var dataVersion: Int?
        /// A page that every change of a person renews, as it is in the file without the log.
        var page: Data?
        var pagePlace: (offset: off_t, count: Int)?
        /// What cannot be put right while the file is open.
        var lasting: GalleryDisturbance?
    }

    private let path: String
    private let state: Mutex<State>
    /// Open from before SQLite opens the file until after it has closed it: closing it any earlier would give up
    /// SQLite's locks, which belong to the process.
    private let descriptor: Int32

    init(path: String) throws(GalleryError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, path: path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw .system(code, path: path)
        }
        self.path = path
        self.descriptor = descriptor
        state = Mutex(State(file: Stamp(status)))
    }

    deinit {
        close(descriptor)
    }

    // MARK: On the writer's thread alone, since what it writes is not noted before it is done

    /// Takes the files for what they should be, once they are open.
    ///
    /// - Throws: ``GalleryError/disturbed(path:_:)`` where the file is another than was found before it was opened.
    func begin(_ database: Database) throws {
        let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        let root =
            try Int.fetchOne(
                database, sql: "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = 'gallery'") ?? 0
        let version = try dataVersion(database)
        guard let now = Stamp(path), state.withLock({ $0.file.isSameFile(as: now) }) else {
            throw GalleryError.disturbed(path: path, .displaced(file: path))
        }
        state.withLock { state in
            if root > 0 { state.pagePlace = (off_t(root - 1) * off_t(size), size) }
            state.dataVersion = version
        }
        settle()
    }

    /// Notes what this process has made of the files.
    func settle() {
        let file = Stamp(path), log = Stamp(path + "-wal"), sharedMemory = Stamp(path + "-shm")
        state.withLock { state in
            // What was put in their place meanwhile is none of this process's work.
            if let file, file.isSameFile(as: state.file) { state.file = file }
            if let log, state.log.map({ log.isSameFile(as: $0) }) ?? true { state.log = log }
            if state.sharedMemory == nil { state.sharedMemory = sharedMemory }
            state.page = state.pagePlace.flatMap { read($0.offset, $0.count) }
        }
    }

    /// After a failure SQLite counts its own commits as others', because it has forgotten what it had read.
    func forgetVersion() {
        state.withLock { $0.dataVersion = nil }
    }

    /// - Throws: ``GalleryError/disturbed(path:_:)`` where somebody else has moved, replaced or written one of the
    ///   files, or has stored something in the gallery.
    func requireUndisturbed(_ database: Database) throws {
        let version: Int
        do {
            version = try dataVersion(database)
        } catch {
            // What is in the file now may be nothing that SQLite can read.
            try requireUndisturbed()
            forgetVersion()
            throw error
        }
        state.withLock { state in
            if let known = state.dataVersion, known != version, state.lasting == nil { state.lasting = .changed }
            state.dataVersion = version
        }
        try requireUndisturbed()
    }

    private func dataVersion(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA data_version") ?? 0
    }

    /// Whether what has the file's path is another file, or nothing. To be asked on any thread.
    var isDisplaced: Bool {
        guard let file = Stamp(path) else { return true }
        return state.withLock { !file.isSameFile(as: $0.file) }
    }

    /// The same as far as the files tell it without SQLite.
    ///
    /// - Parameter isAmidChange: what this process has not committed yet may be in the log.
    func requireUndisturbed(isAmidChange: Bool = false) throws(GalleryError) {
        if let disturbance = disturbance(isAmidChange: isAmidChange) { throw .disturbed(path: path, disturbance) }
    }

    private func disturbance(isAmidChange: Bool = false) -> GalleryDisturbance? {
        let file = Stamp(path), log = Stamp(path + "-wal"), sharedMemory = Stamp(path + "-shm")
        return state.withLock { state in
            if let lasting = state.lasting { return lasting }
            for (now, then, suffix) in [
                (file, state.file, ""), (log, state.log, "-wal"), (sharedMemory, state.sharedMemory, "-shm"),
            ] {
                guard let then else { continue }
                guard let now, now.isSameFile(as: then) else { return .displaced(file: path + suffix) }
                // Shared memory is written by readers too.
                guard now == then || suffix == "-shm" || (isAmidChange && suffix == "-wal") else {
                    state.lasting = .writtenOver(file: path + suffix)
                    return state.lasting
                }
            }
            return nil
        }
    }

    // MARK: The end

    /// How the gallery is to be let go.
    enum Ending: Equatable {
        /// As ever: the log is brought into the file.
        case orderly
        /// As after a kill: SQLite would bring the log into a file that it does not belong to, or remove a file of
        /// somebody else's.
        case abandoned
    }

    /// Brings the log into the file that it belongs to, wherever that is, and decides how to end. A log whose file is
    /// there no more is put aside, so that it is not taken for the next one's.
    func end(_ database: Database) -> Ending {
        let then = state.withLock { $0 }, log = Stamp(path + "-wal")
        let isLogInPlace = log.flatMap { now in then.log?.isSameFile(as: now) } ?? false
        // Others have stored something, or written it over: the next opening has to make sense of it.
        if isLogInPlace, log != then.log { return .abandoned }
        if isFileOwn(then) {
            _ = try? Row.fetchAll(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            let isEmptied = isLogInPlace ? Stamp(path + "-wal")?.size == 0 : true
            // SQLite removes whatever has the log's name, unless the file is not in its place.
            if log != nil, !isLogInPlace { return .abandoned }
            if isEmptied || !isDisplaced { return .orderly }
        }
        if isLogInPlace { rename(path + "-wal", Self.asidePath(of: path)) }
        return .abandoned
    }

    /// Whether the file that was opened, wherever it is, still holds what this process made of it.
    private func isFileOwn(_ then: State) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        if Stamp(status) == then.file { return true }
        // It was written by somebody else: may be by SQLite from the log, or only its time, which does no harm.
        guard let page = then.page, let place = then.pagePlace, let now = read(place.offset, place.count) else {
            return false
        }
        return now == page || isInLog(now)
    }

    /// Where a log lies that belongs to no file any more.
    private static func asidePath(of path: String) -> String {
        path + "-wal.of-what-was-here-before-\(Int64(Date().timeIntervalSince1970))"
    }

    /// Whether the log has a page in some version.
    private func isInLog(_ page: Data) -> Bool {
        guard let log = FileManager.default.contents(atPath: path + "-wal") else { return false }
        return log.range(of: page) != nil
    }

    private func read(_ offset: off_t, _ count: Int) -> Data? {
        var bytes = Data(count: count)
        let read = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, count, offset) }
        return read == count ? bytes : nil
    }
}
