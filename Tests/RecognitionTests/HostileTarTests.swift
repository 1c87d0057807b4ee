// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Recognition
import Testing

@Suite struct HostileTarTests {
    private static let block = 512

    /// An entry as POSIX.1-1988 describes it, with whatever a test wants wrong in it.
    private func entry(
        _ name: String, _ content: [UInt8], kind: Character = "0", size: Int? = nil, checksum: Int = 0
    ) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: Self.block)
        func put(_ text: String, _ offset: Int) {
            for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
        }
        func octal(_ value: Int, _ digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(String(name.prefix(100)), 0)
        put(octal(0o644, 7), 100)
        put(octal(size ?? content.count, 11), 124)
        put(octal(0, 11), 136)
        put(String(kind), 156)
        put("ustar\u{0}00", 257)
        put("        ", 148)
        put(octal(header.reduce(0) { $0 + Int($1) } + checksum, 6) + "\u{0} ", 148)
        return header + content + Array(repeating: 0, count: (Self.block - content.count % Self.block) % Self.block)
    }

    private let end = [UInt8](repeating: 0, count: 1024)

    /// The files of a good package as entries in a folder.
    private func good(_ package: ModelPackage, folder: String = "m/") throws -> [UInt8] {
        let path = try TemporaryFolder()
        try package.write(toFolder: path.path)
        let manifest = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path.path + "/model.toml")))
        return entry(folder + "model.toml", manifest) + entry(folder + "embed.onnx", package.files["embed.onnx"] ?? [])
    }

    private func load(_ archive: [UInt8]) throws -> ModelPackage {
        let folder = try TemporaryFolder()
        let path = folder.path + "/x.tar"
        try Data(archive).write(to: URL(fileURLWithPath: path))
        return try ModelPackage.load(from: path)
    }

    private func expectRefusal(_ archive: [UInt8], _ words: String, sourceLocation: SourceLocation = #_sourceLocation) {
        do {
            _ = try load(archive)
            Issue.record("it was accepted", sourceLocation: sourceLocation)
        } catch let error as ModelPackageError {
            guard case .invalidArchive(_, let reason) = error else {
                Issue.record("unexpected: \(error)", sourceLocation: sourceLocation)
                return
            }
            #expect(reason.contains(words), sourceLocation: sourceLocation)
        } catch {
            Issue.record("unexpected: \(error)", sourceLocation: sourceLocation)
        }
    }

    @Test func archivesMadeByHandAreRead() throws {
        let package = try Fixtures.package()
        for folder in ["", "./", "m/", "./m/"] {
            #expect(try load(good(package, folder: folder) + end).digest == package.digest)
        }
    }

    @Test(arguments: [
        "../model.toml", "/etc/passwd", "a/b/model.toml", "m/..", "m/.hidden", "m/a b", "m/ü", "m//x", "m/",
    ])
    func pathsThatLeadElsewhereAreRefused(path: String) throws {
        expectRefusal(try good(Fixtures.package()) + entry(path, [1]) + end, "path")
    }

    @Test(arguments: ["1", "2", "3", "4", "6", "7", "L", "K", "S"] as [Character])
    func linksDevicesAndOtherKindsAreRefused(kind: Character) throws {
        expectRefusal(try good(Fixtures.package()) + entry("m/link", [], kind: kind) + end, "kind")
    }

    @Test func doubledFilesTwoFoldersAndTooManyEntriesAreRefused() throws {
        let package = try Fixtures.package()
        expectRefusal(try good(package) + entry("m/embed.onnx", [1]) + end, "twice")
        expectRefusal(try good(package) + entry("n/other", [1]) + end, "more than one folder")
        let many = (0..<70).flatMap { entry("m/f\($0)", []) }
        expectRefusal(many + end, "more than 64 entries")
    }

    @Test func sizesThatLieAndBrokenChecksumsAreRefused() throws {
        expectRefusal(entry("m/model.toml", [1, 2, 3], size: 1 << 32) + end, "ends within")
        expectRefusal(entry("m/model.toml", [1, 2, 3], size: 8_589_934_591) + end, "ends within")
        expectRefusal(entry("m/model.toml", [1, 2, 3], checksum: 1) + end, "checksum")
        expectRefusal([UInt8](repeating: 0x41, count: 4096), "not an uncompressed tar")
        expectRefusal([], "end mark")
        expectRefusal([0x1F, 0x8B, 8, 0], "end mark")
    }

    @Test func everyTruncationIsATypedError() throws {
        let archive = try good(Fixtures.package()) + end
        for count in stride(from: 0, to: archive.count - 1024, by: 171) {
            #expect(throws: ModelPackageError.self) { try load(Array(archive.prefix(count))) }
        }
    }

    @Test func everyChangedByteOfAHeaderIsAnAnswerOrATypedError() throws {
        let package = try Fixtures.package()
        let archive = try good(package) + end
        for index in stride(from: 0, to: Self.block, by: 2) {
            var changed = archive
            changed[index] ^= 0x15
            do {
                _ = try load(changed)
                Issue.record("the checksum missed byte \(index)")
            } catch {
                #expect(error is ModelPackageError)
            }
        }
    }
}
