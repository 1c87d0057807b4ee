// SPDX-License-Identifier: Apache-2.0

import CFaultyDisk
import Foundation

/// A folder that is a disk of its own below SQLite, which fails, fills up and loses its power where a test says so.
///
/// It touches only what SQLite does in the folder. Of what is written it knows what a sync has made durable, and what
/// not.
public final class FaultyDisk: Sendable {
    /// What SQLite asks a disk for.
    public struct Operations: OptionSet, Sendable, Hashable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        public static let read = Operations(faulty_disk_read)
        public static let write = Operations(faulty_disk_write)
        public static let sync = Operations(faulty_disk_sync)
        public static let truncate = Operations(faulty_disk_truncate)
        public static let open = Operations(faulty_disk_open)
        public static let delete = Operations(faulty_disk_delete)
        /// What changes the disk.
        public static let changes: Operations = [.write, .sync, .truncate, .delete]

        private init(_ operation: faulty_disk_operation) {
            rawValue = operation.rawValue
        }
    }

    /// What SQLite hears of an operation that fails.
    public struct Failure: Sendable, Hashable {
        public let code: Int32

        /// `EIO` on a read, a write, a sync and a truncation.
        public static let readError = Failure(code: 10 | 1 << 8)
        public static let writeError = Failure(code: 10 | 3 << 8)
        public static let syncError = Failure(code: 10 | 4 << 8)
        public static let truncationError = Failure(code: 10 | 6 << 8)
        public static let removalError = Failure(code: 10 | 10 << 8)
        /// A read that finds nothing where something is.
        public static let shortRead = Failure(code: 10 | 2 << 8)
        /// `ENOSPC`.
        public static let full = Failure(code: 13)
        /// `EMFILE` and whatever else keeps a file from being opened.
        public static let cannotOpen = Failure(code: 14)
    }

    private let number: Int32

    /// - Parameter folder: What is in it is durable.
    public init(_ folder: String) throws {
        number = faulty_disk_mount(folder)
        guard number >= 0 else { throw CocoaError(.fileNoSuchFile) }
    }

    deinit {
        faulty_disk_unmount(number)
    }

    /// How many operations there were.
    public func count(of operations: Operations) -> Int {
        Int(faulty_disk_count(number, operations.rawValue))
    }

    /// Fails operations. A write that fails has been made up to its middle; a sync that fails has lost what it should
    /// have made durable, as Linux does.
    ///
    /// - Parameters:
    ///   - after: How many of them succeed before.
    ///   - times: How many fail; nil for all, until ``recover()``.
    public func fail(_ operations: Operations, with failure: Failure, after: Int = 0, times: Int? = nil) {
        faulty_disk_fail(number, operations.rawValue, UInt64(after), UInt64(times ?? 0), failure.code)
    }

    /// How many operations have failed since the last ``fail(_:with:after:times:)``, and how many writes found no room.
    public var failures: Int { Int(faulty_disk_failures(number)) }

    /// From now on nothing fails, and there is room.
    public func recover() {
        faulty_disk_fail(number, 0, 0, 0, 0)
        faulty_disk_leave(number, -1)
    }

    /// Leaves room for so many bytes more; writes that need more find the disk full.
    public func leave(bytes: Int) {
        faulty_disk_leave(number, Int64(bytes))
    }

    /// Cuts the power at a change after so many.
    public func cutPower(after changes: Int, seed: UInt64) {
        faulty_disk_cut_power(number, UInt64(changes), seed)
    }

    public var isDead: Bool { faulty_disk_is_dead(number) }

    /// Writes what is on the disk after the power was cut, or when it is cut now, to a folder that is there.
    public func writeImage(to folder: String, seed: UInt64 = 0) throws {
        guard faulty_disk_write_image(number, folder, seed) else { throw CocoaError(.fileWriteUnknown) }
    }
}
