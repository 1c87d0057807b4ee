// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation

extension GalleryError {
    init(_ failure: FileFailure) {
        self = .system(failure.code, path: failure.path)
    }

    /// What a failed call of the system means for the gallery's files.
    ///
    /// - Parameters:
    ///   - code: `errno`.
    ///   - what: the file, where it is not the gallery's own.
    static func system(_ code: Int32, path: String, what: String? = nil) -> GalleryError {
        switch code {
        case ENOSPC, EDQUOT: return .diskFull(path: path)
        case EMFILE, ENFILE: return .tooManyOpenFiles(path: path)
        default:
            let reason = (what.map { $0 + ": " } ?? "") + String(cString: strerror(code))
            return code == EIO ? .diskFailed(path: path, reason: reason) : .cannotOpen(path: path, reason: reason)
        }
    }
}
