// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the system refused to do with a file.
public struct FileFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public let path: String
    /// The system's number for it, errno(3).
    public let code: Int32

    public init(path: String, code: Int32) {
        self.path = path
        self.code = code
    }

    /// The system's words for it.
    public var reason: String { String(cString: strerror(code)) }

    public var description: String { "\(path): \(reason)" }
}
