// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Files
import Foundation
import Imaging
import NeuralNet
import ProgramHarness
import Recognition
import Testing

/// Face-cover networks as packages, without real weights.
@Suite struct FaceCoverPackageTests {
    /// `image` [1, 1, 8, 8] → two numbers: a share of the mean level of the upper half, and of the lower half.
    private static func network(outputs: Int = 2, scale: Float = 1) throws -> [UInt8] {
        let pixels = 64
        let weights = (0..<pixels * outputs).map { index -> Float in
            let isUpper = index / outputs < pixels / 2
            return scale * (isUpper == (index % outputs == 0) ? 1 : 0) / Float(pixels / 2)
        }
        let graph = Graph(
            name: "cover",
            nodes: [
                Node(
                    name: "flat", operatorType: "Flatten", inputs: ["image"], outputs: ["flat"],
                    attributes: ["axis": .int(1)]),
                Node(name: "product", operatorType: "Gemm", inputs: ["flat", "weights"], outputs: ["visible"]),
            ],
            initializers: ["weights": ConstantTensor(shape: [pixels, outputs], storage: .float(weights))],
            inputs: [ValueInfo(name: "image", shape: [.fixed(1), .fixed(1), .fixed(8), .fixed(8)])],
            outputs: [ValueInfo(name: "visible", shape: [.fixed(1), .fixed(outputs)])], opsetVersion: 13)
        return try graph.onnxBytes()
    }

    private static func package(
        name: String = "covers", version: String = "1", side: Double = 2.58, network: [UInt8]? = nil,
        minimumEyes: Double? = 0.5
    ) throws -> FaceCoverPackage {
        try FaceCoverPackage(
            manifest: FaceCoverManifest(
                name: name, version: version, license: "research use", source: "a test",
                input: NetworkInput(
                    width: 8, height: 8, channels: .gray, mean: [0], standardDeviation: [255]),
                file: "cover.onnx", view: FaceCoverView(side: side, center: 0.41), minimumEyesVisible: minimumEyes,
                minimumMouthAndNoseVisible: 0.25),
            network: network ?? Self.network())
    }

    @Test func `a package is read as it was written, from its folder and its tar`() throws {
        let folder = try TemporaryFolder(), package = try Self.package()
        try package.write(toFolder: folder.appending("package"))
        try Data(package.tarBytes()).write(to: URL(fileURLWithPath: folder.appending("package.tar")))
        for path in ["package", "package.tar"] {
            let read = try FaceCoverPackage.load(from: folder.appending(path))
            #expect(read.manifest == package.manifest)
            #expect(read.network == package.network)
            #expect(read.digest == package.digest)
        }
    }

    @Test func `limits leave the digest as it is, and another network or view does not`() throws {
        let package = try Self.package()
        #expect(try Self.package(version: "2", minimumEyes: nil).digest == package.digest)
        #expect(try Self.package(side: 2.5).digest != package.digest)
        #expect(try Self.package(network: Self.network(scale: 0.5)).digest != package.digest)
    }

    @Test func `a damaged file, an unknown key and a limit out of range are refused`() throws {
        let folder = try TemporaryFolder()
        try Self.package().write(toFolder: folder.path)
        let path = folder.appending("model.toml")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        func refusal(_ changed: String) throws -> ModelPackageError? {
            try changed.write(toFile: path, atomically: true, encoding: .utf8)
            do throws(ModelPackageError) {
                _ = try FaceCoverPackage.load(from: folder.path)
                return nil
            } catch {
                return error
            }
        }
        #expect(try refusal(text) == nil)
        guard
            case .unknownKey("quality.minimum_eyes_visibel", _, "quality.minimum_eyes_visible")? =
                try refusal(text.replacingOccurrences(of: "minimum_eyes_visible", with: "minimum_eyes_visibel"))
        else {
            Issue.record("a misspelt key is taken")
            return
        }
        guard
            case .invalidValue("quality.minimum_eyes_visible", _, _, _)? =
                try refusal(
                    text.replacingOccurrences(of: "minimum_eyes_visible = 0.5", with: "minimum_eyes_visible = 1.5"))
        else {
            Issue.record("a limit of 1.5 is taken")
            return
        }
        _ = try refusal(text)
        try Data(Self.network(scale: 2)).write(to: URL(fileURLWithPath: folder.appending("cover.onnx")))
        guard case .digestMismatch("cover.onnx", _, _)? = try refusal(text) else {
            Issue.record("another network is taken")
            return
        }
    }

    @Test func `neither kind of package is taken for the other`() throws {
        let folder = try TemporaryFolder()
        try Self.package().write(toFolder: folder.appending("cover"))
        try Fixtures.package().write(toFolder: folder.appending("model"))
        #expect(try FaceCoverPackage.load(ifPresentIn: folder.appending("model")) == nil)
        #expect(throws: ModelPackageError.noFaceCover(path: folder.appending("model"))) {
            try FaceCoverPackage.load(from: folder.appending("model"))
        }
        do throws(ModelPackageError) {
            _ = try ModelPackage.load(from: folder.appending("cover"))
            Issue.record("a face-cover network is taken for a model")
        } catch {
            #expect(error.description.contains("purpose") && error.description.contains("face-cover"))
        }
    }

    @Test func `a store keeps it beside its models, and one of a name`() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let model = try Fixtures.package(), cover = try Self.package()
        #expect(try store.faceCover(.present) == nil)
        try store.install(model)
        try store.install(cover)
        #expect(try store.contents().entries.map(\.digest) == [model.digest])
        #expect(try store.contents().problems.isEmpty)
        #expect(try store.activeEntries().map(\.digest) == [model.digest])
        #expect(try store.faceCover(.present)?.digest == cover.digest)
        #expect(try store.faceCover(.none) == nil)
        #expect(
            try store.faceCover(FaceCoverChoice(String(cover.digest.hexadecimal.prefix(8))))?.digest == cover.digest)
        #expect(FaceCoverChoice("none") == .none && FaceCoverChoice("") == .present)

        let newer = try Self.package(version: "2", network: Self.network(scale: 0.5))
        try store.install(newer)
        #expect(try store.faceCovers().entries.map(\.digest) == [newer.digest])
        #expect(try store.faceCover(.named("covers"))?.digest == newer.digest)
        do throws(ModelPackageError) {
            _ = try store.entry(named: "covers")
            Issue.record("a face-cover network is taken for a model")
        } catch {
            #expect(error.description.contains("face-cover network"))
        }

        #expect(throws: ModelPackageError.otherFaceCover(name: "others", present: "covers")) {
            try store.install(Self.package(name: "others"))
        }
        #expect(try store.faceCover(.present)?.digest == newer.digest)
        // As by cp.
        try Self.package(name: "others").write(toFolder: folder.appending("others"))
        #expect(throws: ModelPackageError.self) { try store.faceCover(.present) }
        #expect(try store.faceCover(.named("others")) != nil)
        #expect(throws: ModelPackageError.self) { try store.faceCover(.named("no-such")) }
        for entry in try store.faceCovers().entries { try store.remove(entry) }
        #expect(try store.faceCover(.present) == nil)
        #expect(try store.contents().entries.count == 1)
    }

    @Test func `a package that cannot be read is no reason to measure nothing`() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let path = try store.install(Self.package())
        let manifest = path + "/model.toml"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        try text.replacingOccurrences(of: "side = 2.58", with: "side = -1.0")
            .write(toFile: manifest, atomically: true, encoding: .utf8)
        #expect(try store.faceCovers().problems.map(\.path) == [path])
        #expect(throws: ModelPackageError.self) { try store.faceCover(.present) }
    }

    private struct Failure: Equatable {
        let path: String
        let error: ModelPackageError
    }

    /// What a choice fails with, and the path that it names.
    private func failure(_ store: ModelStore, _ choice: FaceCoverChoice) -> Failure? {
        do throws(ModelPackageError) {
            _ = try store.faceCover(choice)
            return nil
        } catch .inPossibleFaceCover(let path, let error) {
            return Failure(path: path, error: error)
        } catch .inPackage(let path, let error) {
            return Failure(path: path, error: error)
        } catch {
            return Failure(path: "", error: error)
        }
    }

    @Test func `a manifest that hides whether it is a face cover's is told, and a model's is not`() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let path = try store.install(Self.package())
        let manifest = path + "/model.toml"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        let broken: [String] = [
            "", "no TOML", "format = 1", String(text.prefix { $0 != "p" }),
            text.replacingOccurrences(of: "purpose = \"face-cover\"\n", with: ""),
            text.replacingOccurrences(of: "purpose = \"face-cover\"\n", with: "") + "[broken",
            "[network]\nmodality = \"face\"\nno TOML\n",
            "modality = \"face\"\n#" + text + "no TOML\n", "modality = \"face\"\npurpose.x = 1\nno TOML\n",
            "modality = \"face\"\nno TOML\n[view]\n",
            text + "no TOML\n", text.replacingOccurrences(of: "\"face-cover\"", with: "\"face-covr\""),
            text + String(repeating: "#", count: 300_000),
        ]
        for changed in broken {
            try changed.write(toFile: manifest, atomically: true, encoding: .utf8)
            #expect(failure(store, .present)?.path == path)
            #expect(failure(store, .named("covers"))?.path == path)
            #expect(failure(store, .none) == nil)
        }
        try FileManager.default.removeItem(atPath: manifest)
        guard case .unreadable? = failure(store, .present)?.error else {
            Issue.record("a missing manifest is passed over")
            return
        }
        // A model's whose text is readable stops nothing, nor does anything beside a face-cover network that is whole.
        try "modality = \"face\"\nno TOML\n".write(toFile: manifest, atomically: true, encoding: .utf8)
        #expect(failure(store, .present) == nil)
        try (text + "no TOML\n").write(toFile: manifest, atomically: true, encoding: .utf8)
        try Self.package().write(toFolder: folder.appending("whole"))
        #expect(failure(store, .present) == nil)
    }

    @Test func `what stands in a package's place and is no folder is told, and other files are not`() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let path = try store.install(Self.package()), files = FileManager.default
        try files.removeItem(atPath: path)
        #expect(failure(store, .present) == nil)
        try files.createSymbolicLink(atPath: path, withDestinationPath: folder.appending("nowhere"))
        #expect(failure(store, .present)?.path == path)
        #expect(failure(store, .named("covers"))?.path == path)
        try files.removeItem(atPath: path)
        for name in [(path as NSString).lastPathComponent, "covers.tar"] {
            try Data("x".utf8).write(to: URL(fileURLWithPath: folder.appending(name)))
            // A tar is told, and stops nothing: people keep such files beside.
            #expect(failure(store, .present)?.path == (name.hasSuffix(".tar") ? nil : folder.appending(name)))
            #expect(try store.contents().problems.map(\.path) == [folder.appending(name)])
            #expect(failure(store, .none) == nil)
            try files.removeItem(atPath: folder.appending(name))
        }
        #expect(mkfifo(folder.appending("covers"), 0o600) == 0)
        #expect(failure(store, .present)?.path == folder.appending("covers"))
        try files.removeItem(atPath: folder.appending("covers"))
        try files.createDirectory(atPath: folder.appending("old"), withIntermediateDirectories: true)
        #expect(failure(store, .present) == nil)
        #expect(try store.contents().problems.map(\.path) == [folder.appending("old")])
        try files.removeItem(atPath: folder.appending("old"))
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.appending("notes-on-models")))
        #expect(failure(store, .present) == nil)
        #expect(try store.contents().problems.isEmpty)
    }

    @Test func `copies of one are one, and of several of a name each is named by its folder`() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let package = try Self.package()
        try store.install(package)
        try package.write(toFolder: folder.appending("copy"))
        #expect(try store.faceCover(.present)?.digest == package.digest)
        #expect(try store.faceCover(.named("covers"))?.digest == package.digest)
        // The same network with another limit decides otherwise.
        try Self.package(minimumEyes: nil).write(toFolder: folder.appending("copy"))
        for choice in [FaceCoverChoice.present, .named("covers")] {
            let message = try #require(failure(store, choice)?.error.description)
            #expect(message.contains("(copy)") && message.contains("(\(package.folderName))"))
        }
        #expect(try store.faceCover(.named("copy"))?.manifest != package.manifest)
        #expect(try store.faceCover(.named(package.folderName))?.manifest == package.manifest)
    }

    @Test func `a manifest without its file's digest, and one that others could change, are told`() throws {
        let folder = try TemporaryFolder(), open = ModelStore(folder: folder.path),
            store = ModelStore(folder: folder.path, paths: TrustedPaths())
        let path = try open.install(Self.package())
        let manifest = path + "/model.toml"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        try lines.filter { !$0.contains("cover.onnx\" =") }.joined(separator: "\n")
            .write(toFile: manifest, atomically: true, encoding: .utf8)
        #expect(failure(open, .present)?.path == path)
        #expect(failure(open, .named("covers"))?.path == path)

        try text.write(toFile: manifest, atomically: true, encoding: .utf8)
        #expect(chmod(manifest, 0o666) == 0)
        #expect(failure(open, .present) == nil)
        for choice in [FaceCoverChoice.present, .named("covers")] {
            let found = failure(store, choice)
            #expect(found?.path == path)
            #expect(found?.error == .notTrusted(.openToOthers(path: manifest, mode: 0o666)))
        }
        #expect(chmod(manifest, 0o644) == 0)
        guard geteuid() == 0 else { return }
        #expect(chown(manifest, 4242, 4242) == 0)
        #expect(failure(store, .present)?.error == .notTrusted(.ownedByAnother(path: manifest, owner: 4242, user: 0)))
    }

    @Test func `a name that means a model as well means neither`() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let model = try Fixtures.package(), cover = try Self.package(name: model.manifest.name)
        try store.install(model)
        try store.install(cover)
        #expect(throws: ModelPackageError.self) { try store.faceCoverEntry(amongAll: model.manifest.name) }
        #expect(try store.faceCoverEntry(amongAll: cover.digest.hexadecimal)?.digest == cover.digest)
        #expect(try store.faceCoverEntry(amongAll: model.digest.hexadecimal) == nil)
    }

    @Test func `the network sees the same part of the chips of either alignment`() throws {
        // From the middle between the eyes, in distances of the eyes: as far up, down and to the sides.
        let package = try Self.package()
        for (alignment, size) in [(SampleAlignment.arcFace, 112), (.dlibChip(padding: 0.25), 150)] {
            let engine = try FaceCoverEngine(package, alignment: alignment, chipSize: size)
            #expect(engine.region.width == engine.region.height)
            #expect(engine.region.left >= 0 && engine.region.left + engine.region.width <= size)
            #expect(engine.region.top >= 0 && engine.region.top + engine.region.height <= size)
            // In the middle of the chip, across it.
            #expect(abs(2 * engine.region.left + engine.region.width - size) <= 3)
        }
        #expect(throws: ModelPackageError.self) {
            try FaceCoverEngine(package, alignment: .dlibChip(padding: 0), chipSize: 150)
        }
        #expect(throws: ModelPackageError.self) {
            try FaceCoverEngine(package, alignment: .none, chipSize: 64)
        }
    }

    @Test func `what the network answers is measured and held to the limits`() throws {
        let engine = try FaceCoverEngine(Self.package(), alignment: .arcFace, chipSize: 112)
        // Bright above the middle of what is seen, black below it.
        let middle = engine.region.top + engine.region.height / 2
        let chip = RGBImage(
            width: 112, height: 112,
            pixels: (0..<112 * 112).map { index in
                index / 112 < middle ? RGB(red: 204, green: 204, blue: 204) : RGB(red: 0, green: 0, blue: 0)
            })
        let measured = try FaceCoverMeter(engine).measurements(of: chip)
        #expect(measured.map(\.quantity) == [.eyesVisible, .mouthAndNoseVisible])
        #expect(abs(measured[0].value - 0.8) < 0.03 && abs(measured[1].value) < 0.03)
        #expect(measured.map(\.minimum) == [0.5, 0.25])
        #expect(measured.map(\.isAcceptable) == [true, false])
        let defect = try #require(QualityDefect(measured[1]))
        guard case .mouthOrNoseCovered = defect else {
            Issue.record("unexpected: \(defect)")
            return
        }
        #expect(defect.description.contains("take off the mask"))
    }

    @Test func `a network that does not answer with two numbers is refused`() throws {
        #expect(throws: ModelPackageError.self) {
            try FaceCoverEngine(
                Self.package(network: Self.network(outputs: 3)), alignment: .arcFace, chipSize: 112)
        }
        #expect(throws: ModelPackageError.self) {
            try FaceCoverEngine(Self.package(network: [1, 2, 3]), alignment: .arcFace, chipSize: 112)
        }
    }

    @Test func `what is no number counts as covered`() throws {
        let engine = try FaceCoverEngine(
            Self.package(network: Self.network(scale: .infinity)), alignment: .arcFace, chipSize: 112)
        let gray = RGBImage(width: 112, height: 112, repeating: RGB(red: 9, green: 9, blue: 9))
        // Infinity times 0 is no number.
        #expect(try FaceCoverMeter(engine).measurements(of: gray).map(\.value) == [0, 0])
    }
}
