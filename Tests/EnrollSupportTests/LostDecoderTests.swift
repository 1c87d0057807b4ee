// SPDX-License-Identifier: Apache-2.0

import Decoding
import EnrollSupport
import Foundation
import Imaging
import ProgramHarness
import Recognition
import Testing
import Training

@Suite("A picture that ends a decoder, or holds it up, costs itself alone", .enabled(if: Products.contains("enroll")))
struct LostDecoderTests {
    private let folder: TemporaryFolder
    private let decoders: PictureDecoders

    init() throws {
        folder = try TemporaryFolder()
        decoders = PictureDecoders(DecoderProgram(path: try Products.program("likeness-decode")))
    }

    /// Does to the decoder what a picture would that makes a library fail: by the picture's name.
    private struct Sabotage: PictureDecoding {
        let decoders: PictureDecoders

        func makeReader(limits: DecodingLimits) -> any PictureReader {
            Reader(reader: decoders.makeReader(limits: DecodingLimits(maximumTime: .milliseconds(200))))
        }

        private struct Reader: PictureReader {
            let reader: any PictureReader

            func open(_ file: [UInt8], name: String) throws(ImagingError) -> PictureFile {
                let picture = try reader.open(file, name: name)
                let signal = name.contains("crash") ? SIGSEGV : name.contains("hang") ? SIGSTOP : 0
                if signal != 0, let process = (reader as? DecoderProcess)?.processID { kill(process, signal) }
                return picture
            }
        }
    }

    /// Twelve people with four pictures each, and two pictures more: one that ends a decoder and one that holds it up.
    private func people() throws -> String {
        for person in 0..<12 {
            for sample in 0..<4 {
                let image = GrayImage(
                    width: 8, height: 8,
                    pixels: (0..<64).map { UInt8($0 < 32 ? 10 + 20 * person : 30 + 60 * (person % 3) + sample) })
                for name in ["\(sample)"] + (sample > 0 ? [] : person == 3 ? ["crash"] : person == 7 ? ["hang"] : []) {
                    let file = folder.appending("people/p\(person)/\(name).png")
                    try FileManager.default.createDirectory(
                        at: URL(fileURLWithPath: file).deletingLastPathComponent(), withIntermediateDirectories: true)
                    try Data(try image.pngBytes()).write(to: URL(fileURLWithPath: file))
                }
            }
        }
        return folder.appending("people")
    }

    @Test func `an evaluation leaves it out as it leaves out a file that is no picture, and names it`() async throws {
        let path = try people(), options = EvaluationOptions(draws: 2, resamples: 0)
        func evaluate(_ decoding: any PictureDecoding) async throws -> EvaluationReport {
            EvaluationReport(
                try await EvaluationRun(model: EvaluationTests.package(), decoding: decoding)
                    .evaluate(EvaluationData(path), options: options) { _, _ in })
        }
        let report = try await evaluate(Sabotage(decoders: decoders))
        #expect(report.data.images == 50 && report.data.acquired == 48)
        #expect(Set(report.data.refused.map(\.image)) == ["p3/crash.png", "p7/hang.png"])
        let told = decoders.complaints
        #expect(told.contains("enroll: a decoder ended over p3/crash.png, by the signal 11"), "\(told)")
        #expect(told.contains("over p7/hang.png, taking longer than 0 seconds"), "\(told)")
        #expect(told.contains("enroll: 2 pictures ended a decoder"), "\(told)")
        // The figures are those of the same folder without the two.
        for name in ["p3/crash.png", "p7/hang.png"] {
            try FileManager.default.removeItem(atPath: path + "/" + name)
        }
        let figures = { (report: EvaluationReport) in report.results.map { $0.random?.points.map(\.threshold) } }
        #expect(try await figures(evaluate(.local)) == figures(report))
    }

    @Test func `a calibration counts it as a failure to acquire`() async throws {
        let sets = try PeopleFolder.sets(in: [people()], areParents: false)
        let outcome = try await Calibrator(
            recognizer: Recognizer(package: EvaluationTests.package()), decoding: Sabotage(decoders: decoders)
        ).calibrate(sets)
        #expect(outcome.failures.count == 2 && outcome.imageCount == 50)
        #expect(outcome.failures.contains { $0.image.hasSuffix("crash.png") && $0.reason.contains("signal 11") })
        #expect(decoders.complaints.contains("2 pictures ended a decoder"))
    }

    @Test func `a training leaves it out, and counts it among what is bad`() throws {
        let path = try people()
        let (images, _) = try IdentityFolder.read(path)
        let cache = try ImageCache(
            images, width: 8, height: 8, limits: .init(maximumBadShare: 0.05), decoding: Sabotage(decoders: decoders)
        ) { $0.grayscale() }
        #expect(cache.count == 48 && cache.report.bad == 2)
        #expect(
            cache.report.defects.contains { $0.description.contains("crash.png") && $0.cause.contains("signal 11") })
        #expect(decoders.complaints.contains("2 pictures ended a decoder"))
    }

    @Test func `where no decoder can be started, it is no picture's fault`() async throws {
        let path = try people(), decoders = PictureDecoders(DecoderProgram(path: "/nonexistent/likeness-decode"))
        let failure = await #expect(throws: CommandFailure.self) {
            try await EvaluationRun(model: EvaluationTests.package(), decoding: decoders)
                .evaluate(EvaluationData(path), options: EvaluationOptions()) { _, _ in }
        }
        #expect(failure?.name == "NoDecoder" && failure?.message.contains("/nonexistent/likeness-decode") == true)
        let (images, _) = try IdentityFolder.read(path)
        let error = #expect(throws: DataSetError.self) {
            try ImageCache(images, width: 8, height: 8, decoding: decoders) { $0.grayscale() }
        }
        guard case .noDecoder = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `the command says where it looked for the program that decodes`() async throws {
        let path = try people(), own = folder.appending("bin/enroll"), model = folder.appending("model")
        try FileManager.default.createDirectory(atPath: folder.appending("bin"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Products.program("enroll"), toPath: own)
        try EvaluationTests.package().write(toFolder: model)
        for arguments in [
            ["evaluate", model, path],
            ["model", "import", "package", model, "--models", folder.appending("store"), "--calibrate", path],
        ] {
            let result = try await Command.run(own, arguments)
            #expect(result.status == 78, "\(result)")
            #expect(result.errors.contains("neither \(folder.appending("bin"))/likeness-decode"), "\(result)")
            #expect(result.errors.contains("/../libexec/likeness/likeness-decode can be run"), "\(result)")
        }
        // In the folder of an installation it is found.
        let place = folder.appending("libexec/likeness")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: Products.program("likeness-decode"), toPath: place + "/likeness-decode")
        let found = try await Command.run(own, ["evaluate", model, path, "--resamples", "0"])
        #expect(found.status == 0, "\(found)")
    }
}
