// SPDX-License-Identifier: Apache-2.0

import Recognition

/// Images to calibrate on: a folder that holds a folder of images for each person.
///
/// A person's images lie in the folder itself or in a folder `genuine` in it, and skilled forgeries of them, made to
/// pass for this person's, in a folder `forgery` beside that.
public enum PeopleFolder {
    private static let genuine = "genuine"
    private static let forgery = "forgery"

    /// The people and their images by name; hidden files and people without images are left out.
    ///
    /// - Throws: a failure when there is no such folder, or it holds fewer than two people with two images.
    public static func identities(in folder: String) throws(CommandFailure) -> [Calibrator.Identity] {
        let identities = try people(in: folder)
        let usable = identities.filter { $0.images.count >= 2 }.count
        guard usable >= 2 else {
            throw CommandFailure(
                .badData, name: "TooFewPeople",
                message:
                    "\(EscapedBytes.printable(folder)): a folder for each person is needed, with two or more image files each, "
                    + "and there \(usable == 1 ? "is one such folder" : "is none")")
        }
        return identities
    }

    /// People as strangers to one another, on whom false-match rates are measured; one image of each is enough.
    ///
    /// - Throws: a failure when there is no such folder, or it holds fewer than two people.
    public static func impostors(in folder: String) throws(CommandFailure) -> Calibrator.IdentitySet {
        let identities = try people(in: folder)
        guard identities.count >= 2 else {
            throw CommandFailure(
                .badData, name: "TooFewPeople",
                message:
                    "\(EscapedBytes.printable(folder)): a folder for each person is needed, with a PNG or JPEG file in it, "
                    + "and there \(identities.count == 1 ? "is one such folder" : "is none")")
        }
        return Calibrator.IdentitySet(
            name: EvaluationSets.name(of: folder), identities: identities, measuresFalseMatches: true)
    }

    /// The people and their images by name.
    private static func people(in folder: String) throws(CommandFailure) -> [Calibrator.Identity] {
        var identities: [Calibrator.Identity] = []
        for person in try FolderListing.names(in: folder) where FolderListing.isFolder("\(folder)/\(person)") {
            var genuineImages = try images(in: folder, of: person)
            if FolderListing.isFolder("\(folder)/\(person)/\(genuine)") {
                genuineImages += try images(in: folder, of: "\(person)/\(genuine)")
            }
            let forgeries =
                FolderListing.isFolder("\(folder)/\(person)/\(forgery)")
                ? try images(in: folder, of: "\(person)/\(forgery)") : []
            if !genuineImages.isEmpty {
                identities.append(
                    Calibrator.Identity(
                        name: EscapedBytes.printable(person), images: genuineImages, forgeries: forgeries))
            }
        }
        return identities
    }

    /// Several sets of people, each of which weighs the same in a calibration and is called as its folder is.
    ///
    /// - Parameters:
    ///   - folders: those of the sets, or with `areParents` folders that hold them.
    ///   - impostors: a folder of people on whom alone false-match rates are measured; nil measures them on the sets.
    /// - Throws: a failure when a folder is of no use as a set, or two are called the same.
    public static func sets(
        in folders: [String], areParents: Bool, impostors: String? = nil
    ) throws(CommandFailure) -> [Calibrator.IdentitySet] {
        var sets: [Calibrator.IdentitySet] = []
        for folder in folders {
            guard areParents else {
                sets.append(
                    Calibrator.IdentitySet(
                        name: EvaluationSets.name(of: folder), identities: try identities(in: folder)))
                continue
            }
            for name in try FolderListing.names(in: folder) where FolderListing.isFolder("\(folder)/\(name)") {
                sets.append(
                    Calibrator.IdentitySet(
                        name: EscapedBytes.printable(name), identities: try identities(in: "\(folder)/\(name)")))
            }
        }
        if sets.isEmpty {
            throw CommandFailure(
                .badData, name: "TooFewPeople",
                message:
                    "with --sets, a folder for each set is needed in the folder, each with a folder for each person")
        }
        if let impostors { sets.append(try self.impostors(in: impostors)) }
        let names = sets.map(\.name)
        if let twice = names.enumerated().first(where: { names[..<$0.offset].contains($0.element) })?.element {
            throw CommandFailure(
                .usage, name: "Usage",
                message: "two sets are called “\(twice)”; a set is called as its folder is: give them different names")
        }
        // So that it is told which set an image is of.
        return sets.count == 1 ? sets : sets.map { $0.prefixed }
    }

    private static func images(in folder: String, of path: String) throws(CommandFailure) -> [Calibrator.Image] {
        try FolderListing.images(in: "\(folder)/\(path)").map { name in
            Calibrator.Image(name: EscapedBytes.printable("\(path)/\(name)")) {
                try InputFile.read("\(folder)/\(path)/\(name)")
            }
        }
    }
}

extension Calibrator.IdentitySet {
    /// The same with the set's name before those of images.
    fileprivate var prefixed: Calibrator.IdentitySet {
        func prefixed(_ images: [Calibrator.Image]) -> [Calibrator.Image] {
            images.map { Calibrator.Image(name: "\(name)/\($0.name)", read: $0.read) }
        }
        return Calibrator.IdentitySet(
            name: name,
            identities: identities.map {
                Calibrator.Identity(name: $0.name, images: prefixed($0.images), forgeries: prefixed($0.forgeries))
            }, measuresFalseMatches: measuresFalseMatches)
    }
}
