// SPDX-License-Identifier: Apache-2.0

/// The file formats that are known. Those beyond PNG and JPEG can be left out of a build, by the package's traits.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable {
    case png = "PNG"
    case jpeg = "JPEG"
    /// The first frame of an animation.
    case webp = "WebP"
    case heic = "HEIC"
    case avif = "AVIF"
    /// The first page of several.
    case tiff = "TIFF"

    /// How names of its files end, in lower case.
    public var fileExtensions: [String] {
        switch self {
        case .png: ["png"]
        case .jpeg: ["jpg", "jpeg"]
        case .webp: ["webp"]
        case .heic: ["heic", "heif"]
        case .avif: ["avif"]
        case .tiff: ["tif", "tiff"]
        }
    }

    /// How the names of files that this build reads end.
    public static let readExtensions = Set(read.flatMap(\.fileExtensions))

    /// The formats that this build reads.
    public static let read = allCases.filter(\.isRead)

    var isRead: Bool {
        switch self {
        case .png, .jpeg: true
        case .webp:
            #if WebP
            true
            #else
            false
            #endif
        case .heic, .avif:
            #if HEIF
            true
            #else
            false
            #endif
        case .tiff:
            #if TIFF
            true
            #else
            false
            #endif
        }
    }

    /// The format by the first bytes.
    ///
    /// - Throws: ``ImagingError`` where it is none that is read, or the file has no bytes or too many.
    package init(of bytes: FileBytes, limits: DecodingLimits) throws(ImagingError) {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= limits.maximumFileBytes else {
            throw .fileTooLarge(bytes: bytes.count, limit: limits.maximumFileBytes)
        }
        guard let format = Self.format(of: bytes), format.isRead else {
            throw .unsupportedFormat(kind: Self.format(of: bytes)?.rawValue ?? Self.foreignKind(of: bytes))
        }
        self = format
    }

    private static func format(of bytes: FileBytes) -> ImageFormat? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        if holds("RIFF", in: bytes), holds("WEBP", in: bytes, at: 8) { return .webp }
        // TIFF and its form for files beyond 4 GiB.
        if ["II*\0", "MM\0*", "II+\0", "MM\0+"].contains(where: { holds($0, in: bytes) }) { return .tiff }
        return holds("ftyp", in: bytes, at: 4) ? formatOfBrands(in: bytes) : nil
    }

    /// The format by the brands that an ISO base media file (ISO/IEC 14496-12) names: the major one, and those that it
    /// is compatible with.
    private static func formatOfBrands(in bytes: FileBytes) -> ImageFormat? {
        let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let places = [8] + stride(from: 16, to: min(length, bytes.count, 256), by: 4)
        func names(_ brands: [String]) -> Bool {
            places.contains { place in brands.contains { holds($0, in: bytes, at: place) } }
        }
        if names(["avif", "avis"]) { return .avif }
        return names(["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]) ? .heic : nil
    }

    private static func holds(_ text: String, in bytes: FileBytes, at offset: Int = 0) -> Bool {
        bytes.dropFirst(offset).starts(with: text.utf8)
    }

    /// What a file that is not read looks like.
    private static func foreignKind(of bytes: FileBytes) -> String? {
        let kinds = [
            ("GIF8", "GIF"), ("BM", "BMP"), ("%PDF", "PDF"), ("P5", "PNM"), ("P6", "PNM"), ("<svg", "SVG or other XML"),
            ("<?xml", "SVG or other XML"),
        ]
        return kinds.first { holds($0.0, in: bytes) }?.1
    }
}

/// A file's bytes, which others own. They stay where they are for as long as a decoder is at them.
package typealias FileBytes = UnsafeBufferPointer<UInt8>
