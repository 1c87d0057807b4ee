import Foundation
import Recognition

/// Photographs to calibrate on: a folder that holds a folder of images for each person.
public enum PeopleFolder {
    private static let imageExtensions: Set = ["png", "jpg", "jpeg"]

    /// The people and their images by name; hidden files and people without images are left out.
    ///
    /// - Throws: a failure when there is no such folder, or it holds fewer than two people with two images.
    public static func identities(in folder: String) throws(CommandFailure) -> [Calibrator.Identity] {
        var identities: [Calibrator.Identity] = []
        for person in try names(in: folder) where isFolder("\(folder)/\(person)") {
            let images = try names(in: "\(folder)/\(person)")
                .filter { imageExtensions.contains(($0 as NSString).pathExtension.lowercased()) }
                .map { name in
                    Calibrator.Image(name: "\(person)/\(name)") { try InputFile.read("\(folder)/\(person)/\(name)") }
                }
            if !images.isEmpty { identities.append(Calibrator.Identity(name: person, images: images)) }
        }
        let usable = identities.filter { $0.images.count >= 2 }.count
        guard usable >= 2 else {
            throw CommandFailure(
                .badData, name: "TooFewPeople",
                message: "\(folder): a folder for each person is needed, with two or more PNG or JPEG files each, "
                    + "and there \(usable == 1 ? "is one such folder" : "is none")")
        }
        return identities
    }

    private static func names(in folder: String) throws(CommandFailure) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw CommandFailure(
                .noInput, name: "NoInputFile",
                message: "\(folder): " + (isFolder(folder) ? "the folder cannot be read" : "there is no such folder"))
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
