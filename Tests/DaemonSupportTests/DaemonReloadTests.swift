// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import DaemonSupport
import Foundation
import Imaging
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// SIGHUP to a running daemon, as `systemctl reload` sends it, and starts that lack a part.
@Suite(.enabled(if: Products.contains("likenessd"), "likenessd is not built, or LIKENESS_BIN does not name its folder"))
struct DaemonReloadTests {
    private func reload(_ program: DaemonProgram, _ manager: NotificationSocket) throws -> String {
        program.send(SIGHUP)
        let begun = try manager.receive(within: 30).split(separator: "\n")
        #expect(begun.first == "RELOADING=1")
        // Of the clock that the manager has, and of now.
        let moment = begun.dropFirst().first.flatMap { Int($0.dropFirst("MONOTONIC_USEC=".count)) }
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        #expect(moment.map { (0..<60).contains(now.tv_sec - $0 / 1_000_000) } == true, "\(begun)")
        return try manager.receive(within: 30)
    }

    @Test func `the service manager hears of a reload, and what can change has changed`() async throws {
        let manager = try NotificationSocket(), program = try DaemonProgram()
        try program.configure("[work]\nqueue_length = 5\n")
        try program.start(environment: ["NOTIFY_SOCKET": manager.path])
        #expect(try manager.receive(within: 30).hasPrefix("READY=1\n"))
        let client = try await program.connect()
        try program.configure("[work]\nqueue_length = 9\n[log]\nlevel = \"warning\"\n[socket]\nidle_seconds = 7\n")
        #expect(try reload(program, manager) == "READY=1\nSTATUS=Ready: 0 identities, model plain 1, not encrypted")
        let status = try await client.call(Status())
        #expect(status.queueLimit == 9 && status.problem == nil)
        #expect(
            program.log.contains("socket.idle_seconds: changed in the configuration, and holds from the next start on"),
            "\(program.log)")
        // The level is the new one.
        try program.configure("[work]\nqueue_length = 10\n[log]\nlevel = \"warning\"\n")
        _ = try reload(program, manager)
        #expect(try await client.call(Status()).queueLimit == 10)
        #expect(program.log.components(separatedBy: "The configuration was reloaded").count == 1, "\(program.log)")
        await client.close()
        #expect(try await program.stop() == 0)
    }

    @Test func `a configuration that is wrong changes nothing, and the status says so until one is right`() async throws
    {
        let manager = try NotificationSocket(), program = try DaemonProgram()
        try program.configure("[work]\nqueue_length = 5\n")
        try program.start(environment: ["NOTIFY_SOCKET": manager.path])
        _ = try manager.receive(within: 30)
        let client = try await program.connect()
        for wrong in [
            "[work]\nqueue_length = 9\nworkerz = 2\n",
            "[work]\nqueue_length = 9\n[verification]\noperating_point = 0.2\n",
            "[work]\nqueue_length = 9\n[models]\nactive = \"nobody\"\n",
            "[work]\nqueue_length = 9\n[access]\nadmin = [\"no-such-account-of-likeness\"]\n", "[work",
        ] {
            try program.configure(wrong)
            let told = try reload(program, manager)
            #expect(
                told.hasPrefix("READY=1\nSTATUS=Not all of it works: the configuration was not reloaded"), "\(told)")
            let status = try await client.call(Status())
            #expect(status.queueLimit == 5 && status.models.map(\.name) == [PlainModel.name], "\(wrong)")
            #expect(status.problem?.contains("what held before holds") == true)
        }
        try program.configure("[work]\nqueue_length = 9\n")
        #expect(try reload(program, manager).hasPrefix("READY=1\nSTATUS=Ready"))
        #expect(try await client.call(Status()).problem == nil)
        await client.close()
        #expect(try await program.stop() == 0)
    }

    @Test func `a model that is chosen or imported is used after a reload`() async throws {
        let manager = try NotificationSocket(), program = try DaemonProgram()
        try program.start(environment: ["NOTIFY_SOCKET": manager.path])
        _ = try manager.receive(within: 30)
        let client = try await program.connect()
        try PlainModel.install(PlainModel.other, in: program.models)
        try PlainModel.install("lines", modality: .signature, in: program.models)
        try program.configure("[models]\nactive = \"plain-other, lines\"\n")
        #expect(try reload(program, manager).contains("models lines 1, plain-other 1"))
        #expect(try await client.call(Status()).models.map(\.name) == ["lines", PlainModel.other])
        // A model that is used is not given up because its package is gone.
        try program.removePackages(of: "lines")
        #expect(try reload(program, manager).contains("was not reloaded"))
        #expect(try await client.call(Status()).models.map(\.name) == ["lines", PlainModel.other])
        await client.close()
        #expect(try await program.stop() == 0)
    }

    @Test func `a start without the model of one modality serves the others, and a reload brings it back`() async throws
    {
        let manager = try NotificationSocket(), program = try DaemonProgram()
        try PlainModel.install("lines", modality: .signature, in: program.models)
        let package = try program.package(of: "lines"), weights = package + "/embed.onnx"
        let bytes = try #require(FileManager.default.contents(atPath: weights))
        try Data("damaged".utf8).write(to: URL(fileURLWithPath: weights))
        try program.start(environment: ["NOTIFY_SOCKET": manager.path])
        #expect(
            try manager.receive(within: 30).contains(
                "Not all of it works: nothing is decided on the modality “signature”"))
        let client = try await program.connect()
        let status = try await client.call(Status())
        #expect(status.models.map(\.name) == [PlainModel.name] && status.problem?.contains("signature") == true)
        try bytes.write(to: URL(fileURLWithPath: weights))
        #expect(try reload(program, manager).contains("Ready: 0 identities, models lines 1, plain 1"))
        #expect(try await client.call(Status()).problem == nil)
        await client.close()
        #expect(try await program.stop() == 0)
    }

    @Test(.enabled(if: PythonReference.isPresent, Comment(rawValue: PythonReference.missing)))
    func `no call is lost while a daemon is restarted and reloaded under load`() async throws {
        let program = try DaemonProgram(), pictures = ["first.png", "second.png"].map(program.home.appending)
        for (number, path) in pictures.enumerated() {
            var image = RGBImage(width: 16, height: 16, repeating: RGB(red: 0, green: 0, blue: 0))
            for location in 0..<256 {
                let level = UInt8((location * (3 + number)) % 256)
                image[location % 16, location / 16] = RGB(red: level, green: level, blue: level)
            }
            try Data(image.pngBytes()).write(to: URL(fileURLWithPath: path))
        }
        let result = try await PythonReference.run(
            "restart_trial.py",
            [
                "--modality", "glyph", "--clients", "3", "--restarts", "3", "--reloads", "3", "--pause", "0.05",
                "--quiet",
                "0.2", try Products.program("likenessd"), program.home.path,
            ] + pictures)
        #expect(result.output.contains("reloads"), "\(result.output)")
    }

    @Test func `every setting that a reload leaves alone is one of the file`() {
        let names = Set(DaemonConfiguration.settings.map(\.name))
        #expect(DaemonConfiguration.settingsAtStart.isSubset(of: names))
        var other = DaemonConfiguration(paths: .system)
        other.gallery.path = "/other"
        other.work.stopSeconds = 7
        other.work.queueLength = 7
        let (kept, changed) = other.keepingSettingsAtStart(of: DaemonConfiguration(paths: .system))
        #expect(changed == ["gallery.path", "work.stop_seconds"])
        #expect(kept.gallery.path == DaemonConfiguration(paths: .system).gallery.path && kept.work.queueLength == 7)
    }
}

extension DaemonProgram {
    fileprivate func package(of name: String) throws -> String {
        let folders = try FileManager.default.contentsOfDirectory(atPath: models).filter { $0.hasPrefix(name + "-") }
        return models + "/" + (try #require(folders.first))
    }

    fileprivate func removePackages(of name: String) throws {
        try FileManager.default.removeItem(atPath: try package(of: name))
    }
}
