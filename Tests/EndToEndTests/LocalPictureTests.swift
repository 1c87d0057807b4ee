// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness
import Testing

/// `enroll detect` and `enroll compare`, which ask no daemon.
@Suite(.enabled(if: Material.isPresent, Comment(rawValue: Material.absence))) struct LocalPictureTests {
    private struct Detection: Decodable {
        struct Face: Decodable {
            struct Box: Decodable {
                let left: Double, top: Double, width: Double, height: Double
            }

            let box: Box
            let acceptable: Bool
            let complaints: [String]
        }

        let width: Int
        let height: Int
        let refusal: String?
        let faces: [Face]
    }

    private func enroll(_ arguments: [String]) throws -> CommandResult {
        try Command.run(
            try Products.program("enroll"), arguments + ["--models", try Material.models().path])
    }

    @Test func `the faces of a picture are told, and drawn where that is asked for`() throws {
        let folder = try TemporaryFolder(), drawing = folder.appending("drawn.png")
        let result = try enroll(["detect", Material.face(3, 1), "--draw", drawing, "--json"])
        #expect(result.status == 0, "\(result.errors)")
        let found = try JSONDecoder().decode(Detection.self, from: Data(result.output.utf8))
        #expect(found.width == 92 && found.height == 112 && found.refusal == nil)
        let face = try #require(found.faces.first)
        #expect(found.faces.count == 1 && face.acceptable && face.box.width > 50)
        let original = try RGBImage(decoding: Array(Data(contentsOf: URL(fileURLWithPath: Material.face(3, 1)))))
        let drawn = try RGBImage(decoding: Array(Data(contentsOf: URL(fileURLWithPath: drawing))))
        #expect(drawn.width == original.width && drawn.height == original.height && drawn != original)
        let told = try enroll(["detect", Material.face(3, 1)])
        #expect(told.status == 0 && told.output.contains("\n    eye-corners-nose at "), "\(told)")
        // The box's upper edge is green.
        let x = Int(face.box.left + face.box.width / 2), y = max(0, Int(face.box.top))
        #expect(drawn[x, y].green > drawn[x, y].red + 50)
    }

    @Test func `those of a group who are enrolled are named by the daemon`() async throws {
        let daemon = try await Material.startedDaemon()
        let folder = try TemporaryFolder(), group = folder.appending("group.png")
        try Data(Material.row([(11, 2), (3, 2), (7, 2)]).pngBytes()).write(to: URL(fileURLWithPath: group))
        func asking(_ arguments: [String]) async throws -> CommandResult {
            try await Command.run(
                Products.program("enroll"), arguments, environment: ["LIKENESS_SOCKET": daemon.socket])
        }
        #expect(try await asking(["add", "ada", Material.face(3, 1)]).status == 0)
        let found = try await asking(["identify", "--all", group, "--fpir", "1e-2"])
        #expect(found.status == 0 && found.output.hasPrefix("match: 1 of 3 faces known, threshold"), "\(found)")
        #expect(found.output.contains("  ada  ") && found.output.contains("among 1 reference\n"), "\(found)")
        let refused = try await asking(["identify", Material.face(3, 2), "--fpir", "1e-9"])
        #expect(refused.status == 64 && refused.errors.contains("its thresholds keep: "), "\(refused)")
        let alone = try await asking(["identify", Material.face(3, 2), "--fpir", "1e-2", "--json"])
        #expect(alone.status == 0, "\(alone)")
    }

    @Test func `a picture of nobody is no error of detect, and one of compare`() throws {
        let folder = try TemporaryFolder(), empty = folder.appending("empty.png")
        let image = RGBImage(width: 300, height: 200, repeating: RGB(red: 90, green: 120, blue: 150))
        try Data(image.pngBytes()).write(to: URL(fileURLWithPath: empty))
        let found = try enroll(["detect", empty, "--json"])
        #expect(found.status == 0)
        let detection = try JSONDecoder().decode(Detection.self, from: Data(found.output.utf8))
        #expect(detection.faces.isEmpty && detection.refusal?.contains("no face") == true)
        let compared = try enroll(["compare", empty, Material.face(1, 1)])
        #expect(compared.status == 65 && compared.errors.contains("empty.png: no face"))
    }

    @Test func `two pictures of one person match, and two of different people do not`() throws {
        #expect(try enroll(["compare", Material.face(4, 1), Material.face(4, 2)]).status == 0)
        let impostor = try enroll(["compare", Material.face(4, 1), Material.face(7, 2)])
        #expect(impostor.status == 1 && impostor.output.hasPrefix("no match, score"))
        let unknown = try enroll(["compare", Material.face(4, 1), Material.face(4, 2), "--fmr", "0.5"])
        #expect(
            unknown.status == 64 && unknown.errors.contains("--fmr: the model has no threshold")
                && unknown.errors.contains("5e-1; it has: 1e-2, 1e-3"), "\(unknown)")
    }
}
