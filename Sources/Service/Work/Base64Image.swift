// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import LikenessInterface

/// Images as they travel: the base64 encoding (RFC 4648, section 4) of a file.
enum Base64Image {
    /// The bytes of the file. Its size is known, and held to the limit, before anything is allocated for it.
    ///
    /// - Throws: ``ServiceFailure/imageRejected(cause:message:)``.
    static func decode(_ text: String, limits: DecodingLimits) throws(ServiceFailure) -> [UInt8] {
        try check(text, limits: limits)
        guard let data = Data(base64Encoded: text) else {
            throw .imageRejected(
                cause: "not_base64",
                message:
                    "the image is not in base64; send an image file in the standard alphabet, padded, without line breaks"
            )
        }
        return [UInt8](data)
    }

    /// Refuses a text that stands for a larger file than is taken.
    static func check(_ text: String, limits: DecodingLimits) throws(ServiceFailure) {
        // Four characters for three bytes; the padding stands for no byte.
        let padding = text.utf8.suffix(2).count { $0 == UInt8(ascii: "=") }
        let bytes = text.utf8.count / 4 * 3 - padding
        guard bytes <= limits.maximumFileBytes else {
            throw ServiceFailure(ImagingError.fileTooLarge(bytes: bytes, limit: limits.maximumFileBytes))
        }
    }

    /// Refuses texts that stand for more, all of them together, than one file may have.
    ///
    /// - Parameter name: what they are together, in words.
    static func check(together texts: [String], limits: DecodingLimits, called name: String) throws(ServiceFailure) {
        let bytes = texts.reduce(0) { $0 + $1.utf8.count / 4 * 3 }
        guard bytes <= limits.maximumFileBytes else {
            throw ServiceFailure(ImagingError.fileTooLarge(bytes: bytes, limit: limits.maximumFileBytes))
                .naming(picture: name)
        }
    }
}
