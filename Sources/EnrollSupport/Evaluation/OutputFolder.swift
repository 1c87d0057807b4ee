// SPDX-License-Identifier: Apache-2.0

import Foundation
import Wording

/// A folder that a command fills with files.
public struct OutputFolder: Sendable {
    public let path: String

    /// Makes the folder, or takes one that is empty.
    ///
    /// - Throws: a failure when there is something already, so that nothing is lost and nothing gets mixed.
    public init(_ path: String) throws(CommandFailure) {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            guard try FileManager.default.contentsOfDirectory(atPath: path).isEmpty else {
                throw CommandFailure(
                    .cannotCreate, name: "CannotCreate",
                    message: "\(path): the folder holds something; name a new or an empty one")
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(
                .cannotCreate, name: "CannotCreate",
                message: "\(path): the folder cannot be made or read: \(SystemReason.of(error))")
        }
    }

    /// - Returns: the file's path.
    func write(_ bytes: [UInt8], named name: String) throws(CommandFailure) -> String {
        let file = "\(path)/\(name)"
        try OutputFile.write(bytes, to: file)
        return file
    }
}
