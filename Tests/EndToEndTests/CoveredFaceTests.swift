// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import Foundation
import Imaging
import ProgramHarness
import Testing

/// The face-cover network of this repository in the daemon and the command: covered faces are neither enrolled nor decided on.
@Suite(.serialized, .enabled(if: Material.isPresent, Comment(rawValue: Material.absence)))
struct CoveredFaceTests {
    private static let imported: Result<TemporaryFolder, any Error> = Result {
        let folder = try TemporaryFolder()
        try FaceModels.importDlib(from: TestEnvironment.dlibModels ?? "", into: folder.path)
        try FaceModels.importShippedCover(into: folder.path)
        return folder
    }

    private func models() throws -> String { try Self.imported.get().path }

    private func enroll(_ arguments: String...) throws -> CommandResult {
        try Command.run(try Products.program("enroll"), arguments + ["--models", try models()])
    }

    /// Where a cover is drawn on a photograph of 92×112 pixels: between two heights in distances of the eyes below them,
    /// as wide as the face.
    private enum Cover {
        case mask, glasses
    }

    private struct Detection: Decodable {
        struct Face: Decodable {
            struct Measurement: Decodable {
                let quantity: String, value: Double
            }

            struct Location: Decodable {
                let x: Double, y: Double
            }

            let landmarks: [Location]
            let measurements: [Measurement]
            let acceptable: Bool
            let complaints: [String]

            func value(_ quantity: String) -> Double? { measurements.first { $0.quantity == quantity }?.value }
        }

        let faces: [Face]
    }

    private func detection(_ path: String, _ more: String...) throws -> Detection {
        let result = try Command.run(
            try Products.program("enroll"), ["detect", path, "--json", "--models", try models()] + more)
        return try JSONDecoder().decode(Detection.self, from: Data(result.output.utf8))
    }

    /// A photograph with one flat shape on it, drawn by other means than the covers that the network was trained on.
    private func covered(_ person: Int, _ number: Int, _ cover: Cover, in folder: TemporaryFolder) throws -> String {
        let source = Material.face(person, number)
        let picture = try RGBImage(decoding: Array(Data(contentsOf: URL(fileURLWithPath: source))))
        let points = try #require(try detection(source).faces.first).landmarks
        let right = (x: (points[0].x + points[1].x) / 2, y: (points[0].y + points[1].y) / 2)
        let left = (x: (points[2].x + points[3].x) / 2, y: (points[2].y + points[3].y) / 2)
        let distance = right.x - left.x
        let middle = (x: (left.x + right.x) / 2, y: (left.y + right.y) / 2)
        func isCovered(_ x: Double, _ y: Double) -> Bool {
            switch cover {
            case .mask: y > 0.4 && y < 1.9 && abs(x) < 0.95 - 0.35 * max(0, y - 1.1)
            case .glasses: abs(y) < 0.36 && abs(abs(x) - 0.5) < 0.42
            }
        }
        let gray = cover == .mask ? RGB(red: 205, green: 205, blue: 205) : RGB(red: 18, green: 18, blue: 18)
        let drawn = RGBImage(
            width: picture.width, height: picture.height,
            pixels: picture.pixels.indices.map { index in
                let x = Double(index % picture.width), y = Double(index / picture.width)
                return isCovered((x - middle.x) / distance, (y - middle.y) / distance) ? gray : picture.pixels[index]
            })
        let path = folder.appending("\(person)-\(number)-\(cover).png")
        try Data(drawn.pngBytes()).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test func `a mask and dark glasses are measured, each by its name, and a face without them passes`() throws {
        let folder = try TemporaryFolder()
        var found = 0, refused = 0
        for person in [2, 3, 5, 8] {
            for (cover, quantity, other) in [
                (Cover.mask, "mouth_and_nose_visible", "eyes_visible"),
                (.glasses, "eyes_visible", "mouth_and_nose_visible"),
            ] {
                // A face of which a detector sees too little is no face to it.
                guard let face = try detection(covered(person, 1, cover, in: folder)).faces.first else { continue }
                found += 1
                let isMeasured = (face.value(quantity) ?? 1) < 0.5 && (face.value(other) ?? 0) > 0.5
                refused += isMeasured && !face.acceptable ? 1 : 0
            }
            let clean = try #require(try detection(Material.face(person, 1)).faces.first)
            #expect(clean.acceptable && clean.complaints.isEmpty, "person \(person): \(clean.complaints)")
        }
        #expect(found >= 6 && refused == found, "\(refused) of \(found)")
        let off = try #require(
            try detection(covered(3, 1, .mask, in: folder), "--face-cover", "none").faces.first)
        #expect(off.value("eyes_visible") == nil && off.value("mouth_and_nose_visible") == nil)
    }

    @Test func `a covered face is not enrolled, and a covered probe is inconclusive`() async throws {
        let folder = try TemporaryFolder()
        let daemon = try Daemon(models: models())
        try await daemon.start()
        let status = try await daemon.enroll("status")
        #expect(status.output.contains("measured by likeness-face-cover"), "\(status.output)")

        let masked = try covered(3, 1, .mask, in: folder), glasses = try covered(3, 2, .glasses, in: folder)
        let refused = try await daemon.enroll("add", "alice", masked)
        #expect(refused.status == 65, "\(refused.output)\(refused.errors)")
        #expect(refused.errors.contains("take off the mask"), "\(refused.errors)")
        let dark = try await daemon.enroll("add", "alice", glasses)
        #expect(dark.status == 65 && dark.errors.contains("take off dark glasses"), "\(dark.errors)")

        #expect(try await daemon.enroll("add", "alice", Material.face(3, 1), Material.face(3, 2)).status == 0)
        #expect(try await daemon.enroll("verify", "alice", Material.face(3, 4)).status == 0)
        for path in [masked, glasses] {
            let verified = try await daemon.enroll("verify", "alice", path)
            #expect(verified.status == 2, "\(verified.output)\(verified.errors)")
            #expect((verified.output + verified.errors).contains("covered"), "\(verified.output)")
        }
    }

    @Test func `the configuration turns it off, and names what is not there`() async throws {
        let folder = try TemporaryFolder(), masked = try covered(3, 1, .mask, in: folder)
        let daemon = try Daemon(models: models(), configuration: "[models]\nface_cover = \"none\"\n")
        try await daemon.start()
        #expect(try await daemon.enroll("status").output.contains("not measured"))
        let added = try await daemon.enroll("add", "alice", masked)
        #expect(!added.errors.contains("take off the mask"), "\(added.errors)")
        let other = try Daemon(models: models(), configuration: "[models]\nface_cover = \"no-such\"\n")
        await #expect(throws: (any Error).self) { try await other.start() }
    }

    @Test func `the command lists it, shows it, compares by it, exports and removes it`() throws {
        let listed = try enroll("model", "list")
        #expect(listed.output.contains("likeness-face-cover") && listed.output.contains("face cover"), "\(listed)")
        let shown = try enroll("model", "show", "likeness-face-cover")
        #expect(shown.status == 0 && shown.output.contains("lfw-strangers"), "\(shown)")
        #expect(try enroll("inspect", "likeness-face-cover").output.contains("multiply-adds"))
        #expect(try enroll("model", "use", "likeness-face-cover").status == 78)

        let folder = try TemporaryFolder()
        let compared = try enroll(
            "compare", covered(3, 1, .mask, in: folder), covered(8, 1, .mask, in: folder))
        #expect(compared.status == 2, "\(compared)")

        let tar = folder.appending("cover.tar"), there = folder.appending("models")
        #expect(try enroll("model", "export", "likeness-face-cover", tar).status == 0)
        func other(_ arguments: String...) throws -> CommandResult {
            try Command.run(try Products.program("enroll"), arguments + ["--models", there])
        }
        let imported = try other("model", "import", "package", tar)
        #expect(imported.status == 0 && imported.output.contains("measures covered faces"), "\(imported)")
        #expect(try other("model", "import", "package", tar, "--calibrate", folder.path).status == 64)
        #expect(try other("model", "list").output.contains("*       likeness-face-cover"))
        let kept = try other("model", "remove", "likeness-face-cover")
        #expect(kept.status == 78 && kept.errors.contains("--force") && kept.errors.contains("masks"), "\(kept)")
        let unknown = try other("model", "show", "nosuch")
        #expect(
            unknown.status == 78 && unknown.errors.contains("the face-cover network “likeness-face-cover”"),
            "\(unknown)")
        #expect(try other("model", "remove", "likeness-face-cover", "--force").status == 0)
        #expect(try !other("model", "list").output.contains("likeness-face-cover"))
    }
}
