// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A new, private folder that is gone when the value is.
public final class TemporaryFolder: Sendable {
    public let path: String

    /// - Parameter isInMemory: where nothing is to outlast the machine, in a file system in memory, if there is one.
    public init(isInMemory: Bool = false) throws {
        let memory = "/dev/shm"
        let isThere = isInMemory && FileManager.default.isWritableFile(atPath: memory)
        var template = Array(
            ((isThere ? memory : NSTemporaryDirectory()) as NSString).appendingPathComponent("likeness-XXXXXX")
                .utf8CString)
        guard mkdtemp(&template) != nil else {
            throw HarnessError("cannot make a temporary folder: \(String(cString: strerror(errno)))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of something in the folder.
    public func appending(_ name: String) -> String {
        (path as NSString).appendingPathComponent(name)
    }
}
