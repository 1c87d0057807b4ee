// SPDX-License-Identifier: Apache-2.0

/// Where files are decoded: in a process apart for those of strangers, or in this one.
public protocol PictureDecoding: Sendable {
    /// A reader for one thread.
    func makeReader(limits: DecodingLimits) -> any PictureReader
}

/// Opens files, one after another, for one thread. A picture that was opened before can be read no more.
public protocol PictureReader {
    /// - Parameter name: what the file is called where it is told of.
    /// - Throws: ``ImagingError/decoderUnavailable(reason:)``, which is no fault of the file; otherwise what is wrong
    ///   with it.
    func open(_ file: [UInt8], name: String) throws(ImagingError) -> PictureFile
}

extension PictureReader {
    /// The whole picture, as ``Image/init(decoding:limits:shouldStop:)`` would decode it.
    public func image(of file: [UInt8], name: String) throws(ImagingError) -> RGBImage {
        try open(file, name: name).pixels()
    }
}

/// Decodes in this process: for files that it has made itself. What a library does with a stranger's file, it does with
/// this process's rights.
public struct LocalDecoding: PictureDecoding {
    public init() {}

    public func makeReader(limits: DecodingLimits) -> any PictureReader { Reader(limits: limits) }

    private struct Reader: PictureReader {
        let limits: DecodingLimits

        func open(_ file: [UInt8], name: String) throws(ImagingError) -> PictureFile {
            try PictureFile(file, limits: limits)
        }
    }
}

extension PictureDecoding where Self == LocalDecoding {
    /// Decodes in this process.
    public static var local: LocalDecoding { LocalDecoding() }
}
