// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging

/// A folder that holds a folder of images for each identity.
///
/// Images that lie in an identity's folder or in its subfolder `genuine` are genuine; those in its subfolder `forgery`
/// are forgeries. PNG and JPEG files are read. Hidden files are left alone, and so is a folder that a link leads to
/// for a second time.
public enum IdentityFolder {
    public struct Options: Sendable, Hashable {
        /// Whether identities lie one level deeper, in groups, as characters do in alphabets. An identity is then
        /// named `group/identity`.
        public var isGrouped: Bool
        /// How many genuine samples an identity needs not to be remarked upon.
        public var minimumGenuine: Int
        /// The most images that are taken.
        public var maximumImages: Int
        /// The share of the images that may be of formats that are not read.
        public var maximumBadShare: Double
        public var content: Content

        /// What is looked for.
        public enum Content: Sendable, Hashable {
            /// Files of the formats that are read.
            case images
            /// Recordings of a pen, in text files; see ``PenDrawings``.
            case penRecordings

            fileprivate var extensions: Set<String> { self == .images ? ImageFormat.readExtensions : ["txt"] }
            fileprivate var noun: String { self == .images ? "image files" : "recordings of a pen (.txt)" }
        }

        public init(
            isGrouped: Bool = false, minimumGenuine: Int = 2, maximumImages: Int = 1_000_000,
            maximumBadShare: Double = 0.01,
            content: Content = .images
        ) {
            self.isGrouped = isGrouped
            self.minimumGenuine = minimumGenuine
            self.maximumImages = maximumImages
            self.maximumBadShare = maximumBadShare
            self.content = content
        }
    }

    /// The images by the names of their identities and files, so that the order is the same wherever the folder lies.
    /// No image is opened.
    ///
    /// - Returns: the images; and what was left out, with remarks on identities with too few samples.
    /// - Throws: ``DataSetError`` when there is no such folder, it holds no images or too many, or too many of them
    ///   are of formats that are not read.
    public static func read(
        _ folder: String, options: Options = Options()
    ) throws(DataSetError) -> (images: [LabeledImage], report: DataReport) {
        var walk = FolderWalk(options: options)
        try walk.begin(folder)
        for name in try walk.names(in: folder) {
            let path = "\(folder)/\(name)"
            guard walk.enters(path) else { continue }
            if options.isGrouped {
                for member in try walk.names(in: path) where walk.enters("\(path)/\(member)") {
                    try walk.readIdentity("\(path)/\(member)", name: "\(name)/\(member)", group: name)
                }
            } else {
                try walk.readIdentity(path, name: name, group: nil)
            }
        }
        guard !walk.images.isEmpty else {
            throw .tooLittle(
                reason: "\(folder) holds no \(options.content.noun) where they are looked for, in "
                    + (options.isGrouped ? "GROUP/IDENTITY" : "IDENTITY") + "/, …/genuine/ and …/forgery/")
        }
        try walk.report.check(maximumShare: options.maximumBadShare)
        return (walk.images, walk.report)
    }
}

/// What has been seen of a folder.
private struct FolderWalk {
    let options: IdentityFolder.Options
    var images: [LabeledImage] = []
    var report = DataReport(unit: "images")
    private var visited: Set<FileNumber> = []

    /// A file or folder, whatever path leads to it.
    private struct FileNumber: Hashable {
        let device: dev_t
        let inode: ino_t
    }

    private static let foreignExtensions: Set = [
        "avif", "bmp", "gif", "heic", "heif", "jp2", "pbm", "pdf", "pgm", "pnm", "ppm", "svg", "tif", "tiff", "webp",
    ]

    init(options: IdentityFolder.Options) {
        self.options = options
    }

    mutating func begin(_ folder: String) throws(DataSetError) {
        guard enters(folder) else {
            let isThere = FileManager.default.fileExists(atPath: folder)
            throw .unreadable(path: folder, reason: isThere ? "it is no folder" : "there is no such folder")
        }
    }

    mutating func names(in folder: String) throws(DataSetError) -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw .unreadable(path: folder, reason: "the folder cannot be read")
        }
        return names.filter { name in
            // What is not UTF-8 has been repaired, and nothing is called so.
            var status = stat()
            guard name.unicodeScalars.contains("\u{FFFD}"), lstat("\(folder)/\(name)", &status) != 0 else {
                return true
            }
            report.remark("\(folder)/\(name): left out, because its name is not UTF-8")
            return false
        }
    }

    /// Whether the path is a folder that has not been seen yet; it has been from then on.
    mutating func enters(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
        guard visited.insert(FileNumber(device: status.st_dev, inode: status.st_ino)).inserted else {
            report.remark("\(path): left out, because it leads to a folder that was read already")
            return false
        }
        return true
    }

    mutating func readIdentity(_ folder: String, name: String, group: String?) throws(DataSetError) {
        let before = images.count
        for entry in try names(in: folder) {
            let path = "\(folder)/\(entry)"
            guard isFolder(path) else {
                try add(path, kind: .genuine, name: name, group: group)
                continue
            }
            let kind: LabeledImage.Kind
            switch entry {
            case "genuine": kind = .genuine
            case "forgery": kind = .forgery
            default:
                report.remark("\(path): left out; of an identity's subfolders genuine and forgery are read")
                continue
            }
            guard enters(path) else { continue }
            for file in try names(in: path) where !isFolder("\(path)/\(file)") {
                try add("\(path)/\(file)", kind: kind, name: name, group: group)
            }
        }
        let genuine = images[before...].count { $0.kind == .genuine }
        if genuine < options.minimumGenuine {
            report.remark(
                "\(name): \(genuine) genuine \(genuine == 1 ? "sample" : "samples"), and \(options.minimumGenuine) are needed"
            )
        }
    }

    private mutating func add(
        _ path: String, kind: LabeledImage.Kind, name: String, group: String?
    ) throws(DataSetError) {
        let suffix = (path as NSString).pathExtension.lowercased()
        if options.content.extensions.contains(suffix) {
            report.total += 1
            guard images.count < options.maximumImages else {
                throw .tooLarge(reason: "it has more than \(options.maximumImages) images, the most that are taken")
            }
            images.append(LabeledImage(identity: name, group: group, source: .file(path), kind: kind))
        } else if options.content == .images, Self.foreignExtensions.contains(suffix) {
            report.total += 1
            report.note(
                DataDefect(
                    location: DataLocation(file: path),
                    cause: "\(suffix.uppercased()) is not read; convert it to PNG or JPEG"
                ))
        }
    }

    private func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
