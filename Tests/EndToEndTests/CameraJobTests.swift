// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import Foundation
import Imaging
import ProgramHarness
import Testing

/// Enrolling from a camera and mending it, with a real daemon, real faces and a command that stands for the camera.
@Suite(.serialized, .enabled(if: Material.isPresent, Comment(rawValue: Material.absence)))
struct CameraJobTests {
    /// A folder with a command that prints, one after the other, the pictures that it is made with.
    private static func camera(_ pictures: [String]) throws -> (folder: TemporaryFolder, arguments: [String]) {
        let folder = try TemporaryFolder()
        // Another user runs it.
        chmod(folder.path, 0o777)
        for (place, picture) in pictures.enumerated() {
            let copy = folder.appending("\(place + 1)")
            try FileManager.default.copyItem(atPath: picture, toPath: copy)
            chmod(copy, 0o644)
        }
        let script = folder.appending("camera")
        try """
        #!/bin/sh
        cd "$(dirname "$0")" || exit 1
        last=$(cat last 2>/dev/null || echo 0)
        echo $((last + 1)) > last
        exec cat $((last + 1))
        """.write(toFile: script, atomically: true, encoding: .utf8)
        chmod(script, 0o755)
        return (folder, ["--capture", script] + (geteuid() == 0 ? ["--capture-user", "nobody"] : []))
    }

    @Test func `somebody is enrolled by a camera, past pictures that are not good enough, and is known then`()
        async throws
    {
        let daemon = try await Material.startedDaemon()
        let two = daemon.home.appending("two.png"), nobody = daemon.home.appending("nobody.png")
        try Data(Material.row([(1, 1), (2, 1)]).pngBytes()).write(to: URL(fileURLWithPath: two))
        let gray = RGBImage(width: 200, height: 200, repeating: RGB(red: 128, green: 128, blue: 128))
        try Data(gray.pngBytes()).write(to: URL(fileURLWithPath: nobody))
        let (folder, arguments) = try Self.camera(
            [nobody, Material.face(1, 1), two, Material.face(1, 1), Material.face(1, 2), Material.face(1, 3)])
        let before = try FileManager.default.contentsOfDirectory(atPath: daemon.home.path).sorted()
        let added = try await daemon.enroll(["add", "alice", "--camera", "--json"] + arguments)
        withExtendedLifetime(folder) {}
        #expect(added.status == 0, "\(added)")
        #expect(
            added.errors.split(separator: "\n").map(String.init) == [
                "Look 1 of 3: Look straight into the camera.", "No face is seen: look into the camera.",
                "Look 1 is good.", "Look 2 of 3: Turn your head a little to the left.",
                "Several faces are seen: be alone before the camera.",
                "The camera gives the very same picture again.", "Look 2 is good.",
                "Look 3 of 3: Turn your head a little to the right.", "Look 3 is good.",
            ], "\(added.errors)")
        let report = try added.json()
        #expect(report["samples"] as? Int == 3 && report["captures"] as? Int == 6 && report["refused"] as? Int == 3)
        #expect(try await daemon.enroll("verify", "alice", Material.face(1, 5)).status == 0)
        #expect(try await daemon.enroll("verify", "alice", Material.face(2, 5)).status == 1)
        // What the camera showed lies nowhere but in the gallery.
        #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.home.path).sorted() == before)
    }

    @Test func `a sample under a wrong name is moved to the right one, which is known by it then`() async throws {
        let daemon = try await Material.startedDaemon()
        let added = try await daemon.enroll(
            "add", "alice", Material.face(1, 1), Material.face(1, 2), Material.face(2, 1))
        #expect(added.status == 0 && added.errors.contains("unlike the other samples"), "\(added)")
        let moved = try await daemon.enroll("move", "alice", "--sample", "3", "bob", "--create")
        #expect(moved.status == 0 && moved.errors.isEmpty, "\(moved)")
        #expect(try await daemon.enroll("verify", "bob", Material.face(2, 5)).status == 0)
        #expect(try await daemon.enroll("verify", "alice", Material.face(2, 5)).status == 1)
        #expect(try await daemon.enroll("verify", "alice", Material.face(1, 5)).status == 0)
        let audit = try await daemon.enroll("audit", "--identity", "bob")
        #expect(audit.output.contains("move sample") && audit.output.contains("to bob, sample 1"), "\(audit)")
        // It stays so.
        #expect(try await daemon.stop() == 0)
        try await daemon.start()
        #expect(try await daemon.enroll("verify", "bob", Material.face(2, 5)).status == 0)
        #expect(try await daemon.enroll("gallery", "check").status == 0)
    }
}
