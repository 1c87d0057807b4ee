// SPDX-License-Identifier: Apache-2.0

/// Why a file is not an image that is taken, or why an image could not be made.
public enum ImagingError: Error, Equatable, Sendable {
    /// The file has no bytes.
    case empty
    /// The file is larger than is taken.
    case fileTooLarge(bytes: Int, limit: Int)
    /// The picture has more pixels than are taken, by what its header says.
    case tooManyPixels(width: Int, height: Int, limit: Int)
    /// The picture is wider or higher than is taken, by what its header says.
    case sideTooLong(width: Int, height: Int, limit: Int)
    /// The picture has no pixels, by what its header says.
    case noPixels
    /// A file of a format that is not read; `kind` is what it looks like, where that is known.
    case unsupportedFormat(kind: String?)
    /// A file of a format that is read, and of a sort that is not.
    case unsupportedEncoding(format: ImageFormat, detail: String)
    /// The file ends too early.
    case truncated(format: ImageFormat)
    /// The file breaks its format's rules.
    case corrupt(format: ImageFormat, detail: String)
    /// Reading the file would cost more than a picture of its size may.
    case tooMuchWork(format: ImageFormat, detail: String)
    /// Reading the file took longer than is given to a picture.
    case tookTooLong(limit: Duration)
    /// The program that decodes ended over the file.
    case decoderEnded(reason: String)
    /// The program that decodes cannot be had, whatever the file.
    case decoderUnavailable(reason: String)
    /// The caller stopped the decoding.
    case stopped
    /// The image could not be written.
    case writing(detail: String)

    /// One word for programs.
    public var cause: String {
        switch self {
        case .empty: "empty"
        case .fileTooLarge: "file_too_large"
        case .tooManyPixels: "too_many_pixels"
        case .sideTooLong: "side_too_long"
        case .noPixels: "no_pixels"
        case .unsupportedFormat: "unsupported_format"
        case .unsupportedEncoding: "unsupported_encoding"
        case .truncated: "truncated"
        case .corrupt: "corrupt"
        case .tooMuchWork, .tookTooLong: "too_much_work"
        case .decoderEnded, .decoderUnavailable: "decoder_ended"
        case .stopped: "stopped"
        case .writing: "writing"
        }
    }
}

extension ImagingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty:
            "the image file is empty; send a PNG or JPEG file"
        case .fileTooLarge(let bytes, let limit):
            "the image file has \(bytes) bytes, and \(limit) is the most; send a smaller picture"
        case .tooManyPixels(let width, let height, let limit):
            "the image says it has \(width) × \(height) pixels, and \(limit) pixels is the most; send a smaller picture"
        case .sideTooLong(let width, let height, let limit):
            "the image says it has \(width) × \(height) pixels, and a side may have \(limit); send a smaller picture"
        case .noPixels:
            "the image says it has no pixels; send another picture"
        case .unsupportedFormat(let kind?):
            "the file looks like \(kind), which is not read; convert it to PNG or JPEG"
        case .unsupportedFormat(nil):
            "the file is none of \(Self.formats); convert it to one of these"
        case .unsupportedEncoding(let format, let detail):
            "this \(format.rawValue) file is not read: \(detail); save it again as an ordinary PNG or JPEG"
        case .truncated(let format):
            "the \(format.rawValue) file ends too early; it was cut short, send it again"
        case .corrupt(let format, let detail):
            "the \(format.rawValue) file is damaged (\(detail)); send another copy"
        case .tooMuchWork(let format, let detail):
            "reading this \(format.rawValue) file is too much work for a picture of its size: \(detail); save it again as an ordinary PNG or JPEG"
        case .tookTooLong(let limit):
            "reading the image took longer than \(limit.components.seconds) seconds, which is the most; send a smaller picture, or save it again as an ordinary PNG or JPEG"
        case .decoderEnded(let reason):
            "the picture could not be decoded: the decoder ended, \(reason); save it again as an ordinary PNG or JPEG"
        case .decoderUnavailable(let reason):
            "the program that decodes pictures cannot be had: \(reason)"
        case .stopped:
            "reading the image was stopped before it was done"
        case .writing(let detail):
            "the image could not be written: \(detail)"
        }
    }

    /// The formats that are read, in words.
    private static var formats: String {
        ImageFormat.read.map(\.rawValue).joined(separator: ", ")
    }
}
