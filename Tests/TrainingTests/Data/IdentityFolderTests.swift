// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Training

@Suite struct IdentityFolderTests {
    @Test func genuineAndForgerySubfoldersAreUnderstoodAndTheOrderIsThatOfNames() throws {
        let folder = try DataFolder()
        for name in [
            "b/genuine/2.png", "b/genuine/1.JPG", "b/forgery/1.png", "a/2.png", "a/1.png", ".hidden/1.png", "a/.x.png",
            "a/notes.txt",
        ] {
            try folder.image(name)
        }
        let (images, report) = try IdentityFolder.read(folder.path)
        #expect(
            images.map { "\($0.identity) \($0.kind) \(($0.source.name as NSString).lastPathComponent)" } == [
                "a genuine 1.png", "a genuine 2.png", "b forgery 1.png", "b genuine 1.JPG", "b genuine 2.png",
            ])
        #expect(report.total == 5 && report.bad == 0 && report.remarks.isEmpty)
    }

    @Test func groupsLieOneLevelAboveIdentities() throws {
        let folder = try DataFolder()
        for name in ["Greek/alpha/1.png", "Greek/alpha/2.png", "Latin/a/1.png", "Latin/a/2.png"] {
            try folder.image(name)
        }
        let (images, _) = try IdentityFolder.read(folder.path, options: .init(isGrouped: true))
        #expect(images.map(\.identity) == ["Greek/alpha", "Greek/alpha", "Latin/a", "Latin/a"])
        #expect(images.map(\.group) == ["Greek", "Greek", "Latin", "Latin"])
    }

    @Test(.timeLimit(.minutes(1))) func linksThatLeadRoundAreFollowedOnce() throws {
        let folder = try DataFolder()
        for name in ["a/1.png", "a/2.png"] { try folder.image(name) }
        for (link, target) in [("a/genuine", ".."), ("z", "a"), ("loop", "loop")] {
            try FileManager.default.createSymbolicLink(atPath: folder.path(link), withDestinationPath: target)
        }
        let (images, report) = try IdentityFolder.read(folder.path)
        #expect(images.count == 2)
        #expect(report.remarks.count == 2)
    }

    @Test func fewSamplesAreRemarkedAndForeignFormatsAreBad() throws {
        let folder = try DataFolder()
        for name in ["a/1.png", "b/1.png", "b/2.png", "b/3.bmp"] { try folder.image(name) }
        #expect(throws: DataSetError.self) { try IdentityFolder.read(folder.path) }
        let (images, report) = try IdentityFolder.read(folder.path, options: .init(maximumBadShare: 0.25))
        #expect(images.count == 3)
        #expect(report.remarks == ["a: 1 genuine sample, and 2 are needed"])
        #expect(
            report.defects == [
                DataDefect(
                    location: DataLocation(file: "\(folder.path)/b/3.bmp"),
                    cause: "BMP is not read; convert it to PNG or JPEG")
            ])
    }

    @Test func foldersWithoutImagesOrWithTooManyAreRefused() throws {
        let folder = try DataFolder()
        #expect(throws: DataSetError.unreadable(path: "/none", reason: "there is no such folder")) {
            try IdentityFolder.read("/none")
        }
        #expect(throws: DataSetError.self) { try IdentityFolder.read(folder.path) }
        for name in ["a/1.png", "a/2.png"] { try folder.image(name) }
        #expect(throws: DataSetError.tooLarge(reason: "it has more than 1 images, the most that are taken")) {
            try IdentityFolder.read(folder.path, options: .init(maximumImages: 1))
        }
    }
}
