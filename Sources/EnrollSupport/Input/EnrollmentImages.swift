// SPDX-License-Identifier: Apache-2.0

/// The images that an enrolment is given: files, and folders for the images that lie in them.
public enum EnrollmentImages {
    /// The most samples that an identity has.
    public static let most = 5

    /// The files, those of a folder by their names; what lies in folders in it is not looked at.
    ///
    /// - Throws: a failure when a folder holds no image, or more than there is room for: which of them is not guessed.
    public static func files(_ given: [String]) throws(CommandFailure) -> [String] {
        var files: [String] = []
        for path in given {
            guard path != InputFile.standardInput, FolderListing.isFolder(path) else {
                files.append(path)
                continue
            }
            let images = try FolderListing.images(in: path), shown = EscapedBytes.printable(path)
            guard !images.isEmpty else {
                throw CommandFailure(
                    .noInput, name: "NoInputFile", message: "\(shown): the folder holds no image file that is read")
            }
            guard images.count <= most else {
                throw CommandFailure(
                    .usage, name: "Usage",
                    message:
                        "\(shown): the folder holds \(images.count) images, and a person has 1 to \(most) samples; name the best of them"
                )
            }
            files += images.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
        }
        return files
    }
}
