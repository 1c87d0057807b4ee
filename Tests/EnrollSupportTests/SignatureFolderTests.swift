// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import Imaging
import ProgramHarness
import Testing
import Training

/// Generated signatures as files.
@Suite struct SignatureFolderTests {
    private func paths(_ folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".png") }.sorted()
    }

    @Test func `every writer has genuine signatures and forgeries, and the same seed makes the same files`() throws {
        let folder = try TemporaryFolder(), first = folder.appending("first"), second = folder.appending("second")
        let set = try SyntheticSignatureSet(writers: 10, genuine: 2, forgeries: 1, seed: 4)
        #expect(try SignatureFolder.write(set, to: first) == 30)
        _ = try SignatureFolder.write(set, to: second)
        let names = try paths(first)
        #expect(names.count == 30)
        #expect(names[..<3] == ["writer-01/forgery/1.png", "writer-01/genuine/1.png", "writer-01/genuine/2.png"])
        #expect(names.last == "writer-10/genuine/2.png")
        #expect(try paths(second) == names)
        let files = names.map { FileManager.default.contents(atPath: "\(first)/\($0)") }
        #expect(Set(files).count == 30)
        #expect(files == names.map { FileManager.default.contents(atPath: "\(second)/\($0)") })
        for file in files { #expect(try RGBImage(decoding: Array(#require(file))).width > 40) }
    }

    @Test func `a folder that holds something is left alone`() throws {
        let folder = try TemporaryFolder()
        try Data([1]).write(to: URL(fileURLWithPath: folder.appending("mine")))
        let set = try SyntheticSignatureSet(writers: 1, genuine: 1, forgeries: 0, seed: 1)
        let error = #expect(throws: CommandFailure.self) { try SignatureFolder.write(set, to: folder.path) }
        #expect("\(try #require(error))".contains("the folder holds something"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["mine"])
    }
}
