// SPDX-License-Identifier: Apache-2.0

import Files
import NeuralNet

/// Why a model package is refused. Every case names the file, the key and what was expected there.
public enum ModelPackageError: Error, Sendable, Equatable {
    /// There is nothing at this path, or it cannot be read.
    case unreadable(path: String, reason: String)
    /// Somebody else could have put the package there, or could change it.
    case notTrusted(TrustProblem)
    /// The tar archive breaks a rule.
    case invalidArchive(path: String, reason: String)
    /// `model.toml` is not TOML, or goes beyond what is read of it.
    case invalidSyntax(line: Int, reason: String)
    /// A key must be there and is not.
    case missingKey(key: String, line: Int? = nil, expected: String)
    /// A key holds a value of another type or out of range.
    case invalidValue(key: String, line: Int? = nil, found: String, expected: String)
    /// A key nobody reads: most often a typing mistake.
    case unknownKey(key: String, line: Int? = nil, nearest: String?)
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
    /// A network has several outputs, and nobody says which of them is the embedding.
    case severalOutputs(file: String, names: [String])
    /// The package states no calibration, so that no decision can be made with it.
    case notCalibrated(name: String)
    /// The package that was asked for or chosen cannot be used.
    indirect case inPackage(path: String, ModelPackageError)
    /// A package that may be the face-cover network cannot be used, so that nobody knows whether covered faces are to be
    /// measured.
    indirect case inPossibleFaceCover(path: String, ModelPackageError)
    /// No package, or more than one, is meant by a name.
    case noSuchModel(name: String, reason: String)
    /// The active model is asked for, and there is none.
    case noActiveModel(reason: String)
    /// A model is asked for, and the name is that of a face-cover network.
    case faceCover(name: String)
    /// A face-cover network is asked for, and the package is a model.
    case noFaceCover(path: String)
    /// The folder holds a face-cover network of another name, and two would leave open which of them decides.
    case otherFaceCover(name: String, present: String)
    /// The folder holds several face-cover networks, and none is named.
    case severalFaceCovers(folder: String, found: String)
    /// The folder holds the model under another name, with which everything that was embedded agrees.
    case sameModel(name: String, present: String)
    /// The package cannot be written.
    case unwritable(path: String, reason: String)
}

extension ModelPackageError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "the model package “\(path)” cannot be read: \(reason)"
        case .notTrusted(let problem):
            "the model package is not taken: \(problem)"
        case .invalidArchive(let path, let reason):
            "“\(path)” is not a model package: \(reason); a package is a folder with model.toml, or that folder as one uncompressed tar"
        case .invalidSyntax(let line, let reason):
            "model.toml, line \(line): \(reason)"
        case .missingKey(let key, let line, let expected):
            "\(Self.location(line)) lacks the key “\(key)”; it should hold \(expected)"
        case .invalidValue(let key, let line, let found, let expected):
            "\(Self.location(line)): the key “\(key)” holds \(found); it should hold \(expected)"
        case .unknownKey(let key, let line, let nearest):
            "\(Self.location(line)) has the unknown key “\(key)”; "
                + (nearest.map { "did you mean “\($0)”?" } ?? "remove it")
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
        case .severalOutputs(let file, let names):
            "the network “\(file)” has \(names.count) outputs: \(names.map { "“\($0)”" }.joined(separator: ", ")); state which of them is the embedding"
        case .notCalibrated(let name):
            "the model “\(name)” has no calibration, so that no decision can be made with it; run “enroll model calibrate”"
        case .inPackage(let path, let error):
            "the model package “\(path)” cannot be used: \(error)"
        case .inPossibleFaceCover(let path, let error):
            "the package “\(path)” cannot be used, and may be the network that covered faces are measured by: \(error); mend or remove it, or measure nothing: models.face_cover = \"none\" in the daemon's configuration, --face-cover none for a command"
        case .noSuchModel(let name, let reason):
            "there is no model “\(name)”: \(reason)"
        case .noActiveModel(let reason):
            "no model is active: \(reason)"
        case .faceCover(let name):
            "“\(name)” is a face-cover network, which goes beside every face model and is no model itself"
        case .noFaceCover(let path):
            "“\(path)” is a model, and no face-cover network"
        case .otherFaceCover(let name, let present):
            "the face-cover network “\(present)” is there already, and beside “\(name)” nobody could tell which of them decides: remove it first (enroll model remove \(present)); nothing was stored"
        case .severalFaceCovers(let folder, let found):
            "the folder “\(folder)” holds several face-cover networks: \(found); name one by its folder's name (models.face_cover in the daemon's configuration, --face-cover for a command), or remove the others (enroll model remove)"
        case .sameModel(let name, let present):
            "“\(name)” is the model “\(present)” that is there already, the same network with the same preparation: use that, or remove it first (enroll model remove \(present)); nothing was stored"
        case .unwritable(let path, let reason):
            "the model package “\(path)” cannot be written: \(reason)"
        }
    }

    /// - Parameter path: the path of the package's part as the reader named it.
    init(_ problem: TrustProblem, path: String) {
        switch problem {
        case .unreachable(let failure): self = .unreadable(path: path, reason: failure.reason)
        case .notAFile: self = .unreadable(path: path, reason: "it is no regular file")
        case .notAFolder: self = .unreadable(path: path, reason: "it is no folder")
        default: self = .notTrusted(problem)
        }
    }

    private static func location(_ line: Int?) -> String { line.map { "model.toml, line \($0)" } ?? "model.toml" }
}
