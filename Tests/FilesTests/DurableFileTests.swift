// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import ProgramHarness
import Testing

@Suite struct DurableFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `a file is written whole, and its content and name are brought to the disk`() throws {
        let path = folder.appending("file"), bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        try DurableFile.write(bytes, to: descriptor, path: path)
        try DurableFile.sync(descriptor, path: path)
        try DurableFile.sync(path)
        try DurableFile.syncFolder(of: path)
        #expect(FileManager.default.contents(atPath: path) == Data(bytes))
    }

    @Test func `a full disk fails with the system's number and words and the file's path`() throws {
        let descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        let failure = #expect(throws: FileFailure.self) {
            try DurableFile.write([1.5, 2.5], to: descriptor, path: "the/file")
        }
        #expect(failure == FileFailure(path: "the/file", code: ENOSPC))
        #expect(failure?.description == "the/file: No space left on device")
    }

    @Test func `what is not there cannot be brought to the disk`() {
        let absent = folder.appending("none/file")
        #expect(throws: FileFailure(path: absent, code: ENOENT)) { try DurableFile.sync(absent) }
        #expect(throws: FileFailure(path: absent, code: ENOENT)) { try DurableFile.syncFolder(of: absent) }
    }

    @Test func `a file without a folder in its path is in the folder that is current`() throws {
        try DurableFile.syncFolder(of: "any")
    }
}
