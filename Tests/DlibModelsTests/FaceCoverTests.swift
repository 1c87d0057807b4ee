// SPDX-License-Identifier: Apache-2.0

import Crypto
import DlibModels
import Foundation
import Imaging
import ProgramHarness
import Recognition
import Testing

/// The face-cover network of this repository on photographs as they are, and beside ONNX Runtime.
@Suite(
    .enabled(
        if: TestEnvironment.dlibModels != nil && TestEnvironment.faces != nil && TestEnvironment.isOptimized,
        "LIKENESS_DLIB_MODELS or LIKENESS_SHARED names nothing that is there, or the tests are built without optimisation"
    ))
struct FaceCoverTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let package = Result {
        try FaceCoverPackage.load(from: repository.appending(path: "models/face-cover").path)
    }

    private func session() throws -> RecognizerSession {
        try Recognizer(
            package: DlibImport.makePackage(modelsFolder: TestEnvironment.dlibModels ?? "").modelPackage(),
            faceCover: Self.package.get()
        ).makeSession()
    }

    private static func isCovered(_ sample: PreparedSample) -> Bool {
        sample.unacceptable.contains { [.eyesVisible, .mouthAndNoseVisible].contains($0.quantity) }
    }

    @Test func `faces of the studio with glasses and beards are not covered`() throws {
        let session = try session()
        var covered: [String] = []
        for person in 1...40 {
            for image in [1, 6] {
                let picture = try RGBImage(decoding: OrlFaces.bytes(person: person, image: image))
                if Self.isCovered(try session.prepare(picture, largest: true)) { covered.append("\(person)/\(image)") }
            }
        }
        #expect(covered.isEmpty)
    }

    /// Whether nobody trained on a person, or chose limits by them: the split of scripts/face-cover/faces.py.
    private static func isOfTest(_ person: String) -> Bool {
        let digest = SHA256.hash(data: Array("face-cover/lfw-strangers/\(person)".utf8))
        let number = Array(digest).prefix(4).reduce(0.0) { $0 * 256 + Double($1) }
        return number / 4_294_967_296 >= 0.78
    }

    @Test(
        .enabled(
            if: TestEnvironment.measuresAccuracy && TestEnvironment.strangers != nil,
            "LIKENESS_ACCURACY is not 1, or LIKENESS_SHARED names no strangers"))
    func `of strangers in the wild hardly any is taken for covered`() throws {
        let session = try session(), folder = TestEnvironment.strangers ?? ""
        // Photographs of people who wear dark glasses, or hold a hand before the mouth.
        let really = try String(
            contentsOf: Self.repository.appending(path: "scripts/face-cover/covered-photographs.txt"), encoding: .utf8)
        var measured = 0, covered: [String] = []
        let people = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter(Self.isOfTest)
        #expect(Array(people.prefix(3)) == ["0005", "0019", "0024"])
        for person in people.enumerated()
        where person.offset % 2 == 0 && !really.contains("/\(person.element)/1.jpg") {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(person.element)/1.jpg")))
            guard let sample = try? session.prepare(RGBImage(decoding: bytes), largest: true) else { continue }
            measured += 1
            if Self.isCovered(sample) { covered.append(person.element) }
        }
        print("strangers taken for covered: \(covered) of \(measured)")
        #expect(measured > 110 && covered.count <= 1)
    }

    @Test(.enabled(if: PythonReference.isPresent, Comment(rawValue: PythonReference.missing)))
    func `the network answers as ONNX Runtime does, in a fraction of a millisecond`() throws {
        let package = try Self.package.get(), session = try session()
        let engine = try FaceCoverEngine(package, alignment: .dlibChip(padding: 0.25), chipSize: 150)
        let meter = FaceCoverMeter(engine), folder = try TemporaryFolder()
        try Data(package.network).write(to: URL(fileURLWithPath: folder.appending("cover.onnx")))
        let input = package.manifest.input
        var largest = 0.0, fastest = Duration.seconds(1)
        for person in [1, 7, 14, 22, 31] {
            let picture = try RGBImage(decoding: OrlFaces.bytes(person: person, image: 3))
            let chip = try session.prepare(picture, largest: true).image
            let pixels = meter.view(of: chip).pixels
            let planes = [pixels.map(\.red), pixels.map(\.green), pixels.map(\.blue)]
            let values = planes.indices.flatMap { plane in
                planes[plane].map { Float((Double($0) - input.mean[plane]) / input.standardDeviation[plane]) }
            }
            try values.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: folder.appending("in")))
            try PythonReference.run(
                "run_onnx.py",
                [folder.appending("cover.onnx"), folder.appending("in"), folder.appending("out"), "1", "3"]
                    + ["\(input.height)", "\(input.width)"])
            let answered = try Data(contentsOf: URL(fileURLWithPath: folder.appending("out")))
            let expected = answered.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
            let measured = try meter.measurements(of: chip).map(\.value)
            #expect(expected.count == 2)
            for (own, other) in zip(measured, expected) { largest = max(largest, abs(own - Double(other))) }
            for turn in 0..<20 {
                // Two images in turn: what was answered last is kept.
                let image = turn % 2 == 0 ? chip.mirrored() : chip
                let elapsed = try ContinuousClock().measure { _ = try meter.measurements(of: image) }
                fastest = min(fastest, elapsed)
            }
        }
        print("largest difference from ONNX Runtime \(largest), fastest measurement \(fastest)")
        #expect(largest < 1e-4)
        #expect(fastest < .milliseconds(3))
    }
}
