// SPDX-License-Identifier: Apache-2.0

import Imaging

/// An image of a data set, and whose it is said to be.
public struct LabeledImage: Sendable {
    /// Whether the person themselves made the sample.
    public enum Kind: String, Sendable, Hashable, Codable {
        case genuine
        /// Made by somebody else to look like this identity's.
        case forgery
    }

    /// The name of the identity, unique in the data set.
    public var identity: String
    /// What the identity belongs to (the alphabet of a character), where the data set has such groups.
    public var group: String?
    /// The identity that this one is a turned or mirrored view of, so that a split keeps them together; nil for an
    /// identity of its own.
    public var original: String?
    public var source: ImageSource
    public var kind: Kind
    /// How the decoded image is turned before it is prepared.
    public var orientation: ImageOrientation
    /// The line of a list that names the image, for reports.
    public var location: DataLocation?

    public init(
        identity: String, group: String? = nil, source: ImageSource, kind: Kind,
        orientation: ImageOrientation = .upright,
        location: DataLocation? = nil
    ) {
        self.identity = identity
        self.group = group
        original = nil
        self.source = source
        self.kind = kind
        self.orientation = orientation
        self.location = location
    }
}

/// Where an image comes from.
public enum ImageSource: Sendable {
    /// A PNG or JPEG file.
    case file(String)
    /// An image that is computed; two with one name are one image. The basis tells all that it is computed from, as
    /// text: in another run of the same program an image of the same basis is the same.
    case generated(name: String, basis: @Sendable () throws -> String, render: @Sendable () throws -> RGBImage)

    /// The file's path, or the name of what is computed.
    public var name: String {
        switch self {
        case .file(let path): path
        case .generated(let name, _, _): name
        }
    }
}

/// A line of a file, or a file as a whole.
public struct DataLocation: Sendable, Hashable, Codable, CustomStringConvertible {
    public let file: String
    /// From 1; nil for the file as a whole.
    public let line: Int?

    public init(file: String, line: Int? = nil) {
        self.file = file
        self.line = line
    }

    public var description: String { line.map { "\(file):\($0)" } ?? file }
}
