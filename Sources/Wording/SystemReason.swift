// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Why the system refused something, in its own words and not in those of Foundation's error domains.
package enum SystemReason {
    package static func of(_ error: any Error) -> String {
        if !(error is CocoaError), let text = (error as? any LocalizedError)?.errorDescription { return text }
        var innermost = error as NSError
        // What Foundation wraps holds the number that the system gave.
        while let underlying = innermost.userInfo[NSUnderlyingErrorKey] as? any Error,
            innermost.domain != NSPOSIXErrorDomain
        {
            innermost = underlying as NSError
        }
        if innermost.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(innermost.code))) }
        guard innermost.domain == NSCocoaErrorDomain else { return "\(error)" }
        return words[CocoaError.Code(rawValue: innermost.code)] ?? "the system refuses it"
    }

    private static let words: [CocoaError.Code: String] = [
        .fileNoSuchFile: "there is no such file or folder", .fileReadNoSuchFile: "there is no such file or folder",
        .fileReadNoPermission: "permission denied", .fileWriteNoPermission: "permission denied",
        .fileWriteFileExists: "there is such a file already", .fileWriteOutOfSpace: "no space is left on the disk",
        .fileWriteVolumeReadOnly: "the file system can only be read", .fileReadInvalidFileName: "this is no file name",
        .fileWriteInvalidFileName: "this is no file name", .fileReadTooLarge: "it is too large",
    ]
}
