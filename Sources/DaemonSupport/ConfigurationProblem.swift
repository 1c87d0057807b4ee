// SPDX-License-Identifier: Apache-2.0

import Files

/// What is wrong with a configuration, in the words an operator needs.
public enum ConfigurationProblem: Error, Sendable, Hashable {
    case unreadable(path: String, reason: String)
    case tooLarge(path: String, limit: Int)
    /// Others could have written the file, or could change it.
    case notTrusted(TrustProblem)
    /// The file is not TOML, or goes beyond what is read of it.
    case syntax(line: Int, reason: String)
    /// `name` with the sections it stands in; `nearest` is the known name it was probably meant to be.
    case unknownKey(name: String, line: Int?, nearest: String?)
    case unknownSection(name: String, line: Int?, nearest: String?)
    case wrongValue(name: String, line: Int?, found: String, expected: String)
    /// A user or group that this host does not know.
    case nobody(setting: String, name: AccessName)
    /// A limit that another one makes pointless.
    case contradiction(String)
}

extension ConfigurationProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path) cannot be read: \(reason)"
        case .tooLarge(let path, let limit):
            "\(path) is larger than \(limit) bytes and no configuration of this daemon"
        case .notTrusted(let problem):
            "\(problem)"
        case .syntax(let line, let reason):
            "line \(line): \(reason)"
        case .unknownKey(let name, let line, let nearest):
            Self.location(line) + "there is no setting \(name)" + Self.suggestion(nearest)
        case .unknownSection(let name, let line, let nearest):
            Self.location(line) + "there is no section [\(name)]" + Self.suggestion(nearest.map { "[\($0)]" })
        case .wrongValue(let name, let line, let found, let expected):
            Self.location(line) + "\(name) is \(found), and should be \(expected)"
        case .nobody(let setting, let name) where name.isNumber:
            "\(setting) names \(name), and no \(name.kind) of this host is called so; as a number it is no id: these go from 0 to \(UInt32.max - 1)"
        case .nobody(let setting, .user(let name)):
            "\(setting) names the user \(name), whom this host does not know; `getent passwd` lists the users, and a group is written @\(name)"
        case .nobody(let setting, .group(let name)):
            "\(setting) names the group \(name), which this host does not know; `getent group` lists the groups"
        case .contradiction(let words):
            words
        }
    }

    private static func location(_ line: Int?) -> String { line.map { "line \($0): " } ?? "" }

    private static func suggestion(_ nearest: String?) -> String {
        nearest.map { "; did you mean \($0)?" } ?? "; likenessd.toml as installed lists them all"
    }
}

/// All that is wrong with one configuration file; not empty.
public struct ConfigurationProblems: Error, Sendable, Hashable, CustomStringConvertible {
    public let path: String
    public let problems: [ConfigurationProblem]

    /// - Parameter problems: At least one.
    public init(path: String, problems: [ConfigurationProblem]) {
        self.path = path
        self.problems = problems
    }

    public var description: String {
        problems.map { problem in
            switch problem {
            case .unreadable, .notTrusted: "\(problem)"
            default: "\(path): \(problem)"
            }
        }.joined(separator: "\n")
    }
}
