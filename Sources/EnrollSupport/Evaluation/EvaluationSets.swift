// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Several sets of identities, each a folder with a folder for each identity; names of identities may occur in several
/// sets.
public struct EvaluationSets: Sendable {
    public struct Member: Sendable {
        public let name: String
        let data: EvaluationData
    }

    public let members: [Member]
    /// Folders that hold no set, as sentences.
    public let remarks: [String]

    /// The folders of the sets themselves.
    ///
    /// - Throws: a failure when one holds no identities, is no folder, or two are called the same.
    public init(folders: [String]) throws(CommandFailure) {
        var members: [Member] = []
        for folder in folders {
            guard FolderListing.isFolder(folder) else {
                throw CommandFailure(
                    .usage, name: "Usage",
                    message:
                        "\(EscapedBytes.printable(folder)): of several sets each is a folder with a folder of images for each identity"
                )
            }
            members.append(Member(name: Self.name(of: folder), data: try EvaluationData(PlainPath.of(folder))))
        }
        try self.init(members, remarks: [])
    }

    /// Folders that hold a folder for each set. Those without images of identities are left out.
    ///
    /// - Throws: a failure when there is no such folder, or no set in one.
    public init(in parents: [String]) throws(CommandFailure) {
        var members: [Member] = [], remarks: [String] = []
        for parent in parents {
            let (found, leftOut) = try Self.members(in: parent)
            members += found
            remarks += leftOut
        }
        try self.init(members, remarks: remarks)
    }

    private static func members(in parent: String) throws(CommandFailure) -> (members: [Member], remarks: [String]) {
        var members: [Member] = [], remarks: [String] = []
        for name in try FolderListing.names(in: parent) where FolderListing.isFolder("\(parent)/\(name)") {
            let plain = try PlainPath.of("\(parent)/\(name)")
            do throws(CommandFailure) {
                members.append(Member(name: EscapedBytes.printable(name), data: try EvaluationData(plain)))
            } catch {
                remarks.append("\(EscapedBytes.printable(name)): left out, because \(error.message)")
            }
        }
        guard !members.isEmpty else {
            throw CommandFailure(
                .badData, name: "DataUnsuitable",
                message:
                    "\(EscapedBytes.printable(parent)): with --sets, a folder for each set is needed in it, each with a folder of images for each identity"
            )
        }
        return (members, remarks)
    }

    private init(_ members: [Member], remarks: [String]) throws(CommandFailure) {
        for (position, member) in members.enumerated()
        where members[..<position].contains(where: { $0.name == member.name }) {
            throw CommandFailure(
                .usage, name: "Usage",
                message:
                    "two sets are called “\(member.name)”; a set is called as its folder is: give them different names")
        }
        self.members = members
        self.remarks = remarks
    }

    /// A set's name: its folder's, also of a path such as `.`.
    static func name(of folder: String) -> String {
        EscapedBytes.isEscaped(folder)
            ? EscapedBytes.printable(PlainPath.lastName(folder))
            : URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
    }
}
