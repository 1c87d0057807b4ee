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
        var identities: [Calibrator.Identity] = []
        for person in try FolderListing.names(in: folder) where FolderListing.isFolder("\(folder)/\(person)") {
            var genuineImages = try images(in: folder, of: person)
            if FolderListing.isFolder("\(folder)/\(person)/\(genuine)") { genuineImages += try images(in: folder, of: "\(person)/\(genuine)") }
            let forgeries = FolderListing.isFolder("\(folder)/\(person)/\(forgery)") ? try images(in: folder, of: "\(person)/\(forgery)") : []
            if !genuineImages.isEmpty {
                identities.append(Calibrator.Identity(name: CarriedBytes.printable(person), images: genuineImages, forgeries: forgeries))
            }
        }
        let usable = identities.filter { $0.images.count >= 2 }.count
        guard usable >= 2 else {
            throw CommandFailure(
                .badData, name: "TooFewPeople",
                message: "\(CarriedBytes.printable(folder)): a folder for each person is needed, with two or more PNG or JPEG files each, "
                    + "and there \(usable == 1 ? "is one such folder" : "is none")")
        }
        return identities
    }

    private static func images(in folder: String, of path: String) throws(CommandFailure) -> [Calibrator.Image] {
        try FolderListing.images(in: "\(folder)/\(path)").map { name in
            Calibrator.Image(name: CarriedBytes.printable("\(path)/\(name)")) { try InputFile.read("\(folder)/\(path)/\(name)") }
        }
    }
}
