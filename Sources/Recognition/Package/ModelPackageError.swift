import NeuralNet

/// Why a model package is refused. Every case names the file, the key and what was expected there.
public enum ModelPackageError: Error, Sendable, Equatable {
    /// There is nothing at this path, or it cannot be read.
    case unreadable(path: String, reason: String)
    /// The tar archive breaks a rule.
    case invalidArchive(path: String, reason: String)
    /// `model.toml` is not TOML.
    case invalidSyntax(line: Int, reason: String)
    /// A key must be there and is not.
    case missingKey(key: String, expected: String)
    /// A key holds a value of another type or out of range.
    case invalidValue(key: String, found: String, expected: String)
    /// A key nobody reads: most often a typing mistake.
    case unknownKey(key: String, nearest: String?)
    /// Two parts of the manifest contradict each other.
    case contradiction(reason: String)
    /// A file that the manifest lists is not in the package.
    case missingFile(file: String)
    /// A file's content is not what the manifest says.
    case digestMismatch(file: String, expected: String, found: String)
    /// A file or the whole package is larger than we read.
    case tooLarge(file: String, limit: Int)
    /// A network is refused by the engine.
    case network(file: String, NetworkError)
    /// A file other than a network, or a network's inputs and outputs, are not as the manifest states.
    case invalidFile(file: String, reason: String)
    /// The package states no calibration, so that no decision can be made with it.
    case notCalibrated(name: String)
    /// No package, or more than one, is meant by a name.
    case noSuchModel(name: String, reason: String)
    /// The package cannot be written.
    case unwritable(path: String, reason: String)
}

extension ModelPackageError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "the model package “\(path)” cannot be read: \(reason)"
        case .invalidArchive(let path, let reason):
            "“\(path)” is not a model package: \(reason); a package is a folder with model.toml, or that folder as one uncompressed tar"
        case .invalidSyntax(let line, let reason):
            "model.toml, line \(line): \(reason)"
        case .missingKey(let key, let expected):
            "model.toml lacks the key “\(key)”; it should hold \(expected)"
        case .invalidValue(let key, let found, let expected):
            "model.toml: the key “\(key)” holds \(found); it should hold \(expected)"
        case .unknownKey(let key, let nearest?):
            "model.toml has the unknown key “\(key)”; did you mean “\(nearest)”?"
        case .unknownKey(let key, nil):
            "model.toml has the unknown key “\(key)”; remove it"
        case .contradiction(let reason):
            "model.toml contradicts itself: \(reason)"
        case .missingFile(PackageFileName.manifest):
            "this is no model package: there is no \(PackageFileName.manifest) in it"
        case .missingFile(let file):
            "the model package lacks the file “\(file)” that its model.toml names; copy the package again"
        case .digestMismatch(let file, let expected, let found):
            "the file “\(file)” of the model package is not the one its model.toml describes: SHA-256 \(found), expected \(expected); copy the package again"
        case .tooLarge(let file, let limit):
            "“\(file)” is larger than \(limit) bytes, the most that a model package may hold there"
        case .network(let file, let error):
            "the network “\(file)” of the model package is refused: \(error)"
        case .invalidFile(let file, let reason):
            "the file “\(file)” of the model package cannot be used: \(reason)"
        case .notCalibrated(let name):
            "the model “\(name)” has no calibration, so that no decision can be made with it; run “enroll model calibrate”"
        case .noSuchModel(let name, let reason):
            "there is no model “\(name)”: \(reason)"
        case .unwritable(let path, let reason):
            "the model package “\(path)” cannot be written: \(reason)"
        }
    }
}
