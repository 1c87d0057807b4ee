// SPDX-License-Identifier: Apache-2.0

import FuzzSupport
import Recognition

/// A model package, as `enroll model import package` reads it: a tar or, where the input is none, the manifest of a package
/// in a folder.
@main enum PackageFuzz: FuzzTarget {
    private static let archive = InputPlace("package.tar")
    private static let manifest = InputPlace("model.toml")

    static func read(_ input: [UInt8]) throws {
        let isArchive = input.count >= 262 && input[257..<262].elementsEqual("ustar".utf8)
        let place = isArchive ? archive : manifest
        try place.write(isArchive ? Checksums.corrected(tar: input) : input)
        let path = isArchive ? place.path : place.folder
        if let cover = try FaceCoverPackage.load(ifPresentIn: path) {
            _ = cover.digest
        } else {
            let package = try ModelPackage.load(from: path)
            _ = package.tarBytes()
            _ = try Recognizer(package: package)
        }
    }
}
