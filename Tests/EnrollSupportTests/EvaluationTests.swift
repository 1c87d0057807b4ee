// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import Imaging
import NeuralNet
import ProgramHarness
import Recognition
import Testing

/// Evaluations with a model whose embedding is the picture itself, on pictures whose distances are known.
@Suite struct EvaluationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Embeds a glyph of 8 × 8 pixels as the mean of its upper and of its lower half, in 0…255.
    static func package(calibrated: Bool = false) throws -> ModelPackage {
        let weights = (0..<128).map { index -> Float in (index / 2 < 32) == (index % 2 == 0) ? 1 / 32 : 0 }
        let graph = Graph(
            name: "halves",
            nodes: [
                Node(
                    name: "flat", operatorType: "Flatten", inputs: ["image"], outputs: ["flat"],
                    attributes: ["axis": .int(1)]),
                Node(name: "halves", operatorType: "Gemm", inputs: ["flat", "weights"], outputs: ["embedding"]),
            ],
            initializers: ["weights": ConstantTensor(shape: [64, 2], storage: .float(weights))],
            inputs: [ValueInfo(name: "image", shape: [.symbolic("batch"), .fixed(1), .fixed(8), .fixed(8)])],
            outputs: [ValueInfo(name: "embedding", shape: [.symbolic("batch"), .fixed(2)])], opsetVersion: 13)
        let calibration =
            calibrated
            ? try Calibration(
                a: 0.1, d0: 30,
                operatingPoints: [OperatingPoint(falseMatchRate: 1e-2, threshold: 20, upperBound: 0.02)], set: "some",
                genuineCount: 10, impostorCount: 300) : nil
        let manifest = try ModelManifest(
            name: "halves", version: "2", modality: .glyph, license: "MIT", source: "a test",
            input: NetworkInput(width: 8, height: 8, channels: .gray, mean: [0], standardDeviation: [1]),
            network: EmbeddingNetwork(file: "embed.onnx", embeddingSize: 2, normalize: false), alignment: .none,
            calibration: calibration)
        return try ModelPackage(manifest: manifest, files: ["embed.onnx": try graph.onnxBytes()])
    }

    @discardableResult
    private func picture(_ upper: UInt8, _ lower: UInt8, at path: String) throws -> String {
        let file = folder.appending(path)
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: file).deletingLastPathComponent(), withIntermediateDirectories: true)
        let image = GrayImage(width: 8, height: 8, pixels: (0..<64).map { $0 < 32 ? upper : lower })
        try Data(try image.pngBytes()).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// Eight identities 40 apart, each of four genuine images within 3 and two forgeries 10 and 11 away.
    private func people() throws -> String {
        for person in 0..<8 {
            let upper = UInt8(20 + 25 * person), lower = UInt8(30 + 35 * (person % 2))
            for sample in 0..<4 {
                try picture(upper, lower + UInt8(sample), at: "people/p\(person)/genuine/\(sample).png")
            }
            for forgery in 0..<2 {
                try picture(upper + UInt8(10 + forgery), lower, at: "people/p\(person)/forgery/\(forgery).png")
            }
        }
        return folder.appending("people")
    }

    private func evaluate(
        _ path: String, calibrated: Bool = false,
        options: EvaluationOptions = EvaluationOptions(draws: 2, resamples: 200)
    ) async throws -> EvaluationRun.Outcome {
        try await EvaluationRun(model: Self.package(calibrated: calibrated), decoding: .local).evaluate(
            EvaluationData(path), options: options
        ) { _, _ in }
    }

    @Test func `identities, forgeries and failures are counted and kept apart`() async throws {
        let path = try people()
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path + "/p3/genuine/broken.png"))
        let report = EvaluationReport(try await evaluate(path, calibrated: true))
        #expect(report.data.images == 8 * 6 + 1 && report.data.acquired == 8 * 6)
        #expect(report.data.refused.map(\.image) == ["p3/genuine/broken.png"])
        #expect(report.results.map(\.references) == [1, 3, 5])
        let (one, three, five) = (report.results[0], report.results[1], report.results[2])
        #expect(one.identities == 8 && one.genuineComparisons == 2 * 8 * 3)
        #expect(one.random?.comparisons == 2 * 8 * 28 && one.skilled?.comparisons == 2 * 8 * 2)
        #expect(three.genuineComparisons == 2 * 8)
        #expect(five.identities == 0 && five.excluded == 8 && five.random == nil)
        #expect(one.random?.equalErrorRate == 0 && one.skilled?.equalErrorRate == 0)
        #expect(one.skilled?.interval?.over == "identities")
        // 16 forgeries of one draw support 3 / 16 = 19 % at best.
        #expect(one.skilled?.points.map(\.supported) == [false, false, false, false])
        #expect(one.random?.points.map(\.supported) == [true, false, false, false])
        // Forgeries are 10 away, other people at least 25: the model's threshold of 20 lets all forgeries pass.
        let threshold = try #require(one.atModelThresholds.first)
        #expect(
            threshold.falseNonMatchRate == 0 && threshold.randomFalseMatchRate == 0
                && threshold.skilledFalseMatchRate == 1)
    }

    @Test func `the report for people says what was measured and what is not supported`() async throws {
        let text = EvaluationReport(try await evaluate(people(), calibrated: true)).text
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("halves 2 ("))
        #expect(lines.contains("  images      48 of 48 images"))
        #expect(lines.contains("  references  drawn 2 times with seed 1, by the rule “mean”"))
        #expect(text.contains("8 identities have too few genuine samples for 5 references"))
        #expect(text.contains("95 % INTERVAL, OVER IDENTITIES"))
        #expect(text.contains("no: 30000 impostors needed, 224 seen"))
        #expect(lines.contains { $0.hasPrefix("  1           1e-2         ") && $0.hasSuffix("0 %        100 %") })
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test func `the JSON has the documented fields`() async throws {
        let line = try JSONText.line(EvaluationReport(try await evaluate(people(), calibrated: true)))
        let json = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(Set(json.keys) == ["model", "data", "settings", "results", "plots", "worst"])
        let result = try #require((json["results"] as? [[String: Any]])?.first)
        #expect(
            Set(result.keys) == [
                "references", "identities", "excluded", "draws", "genuine_comparisons", "random", "skilled",
                "at_model_thresholds",
            ])
        let random = try #require(result["random"] as? [String: Any])
        #expect(
            Set(random.keys) == [
                "comparisons", "independent_comparisons", "equal_error_rate", "threshold", "interval", "points",
            ])
        #expect((random["points"] as? [[String: Any]])?.count == 4)
    }

    @Test func `pairs of a CSV file are evaluated by the identities they link`() async throws {
        _ = try people()
        var rows = ["image1,image2,label"]
        for person in 0..<8 {
            rows.append("people/p\(person)/genuine/0.png,people/p\(person)/genuine/3.png,1")
            rows.append("people/p\(person)/genuine/0.png,people/p\((person + 1) % 8)/genuine/1.png,0")
        }
        let list = folder.appending("pairs.csv")
        try Data((rows.joined(separator: "\r\n") + "\r\n").utf8).write(to: URL(fileURLWithPath: list))
        let report = EvaluationReport(try await evaluate(list))
        #expect(report.data.kind == "pairs" && report.results.count == 1)
        let pairs = try #require(report.results.first?.pairs)
        #expect(report.results[0].genuineComparisons == 8 && pairs.comparisons == 8 && pairs.equalErrorRate == 0)
        #expect(pairs.interval?.over == "identities")
        #expect(report.text.contains("pairs"))
        // Genuine pairs are 3 apart, the others 25 or more.
        #expect(pairs.threshold >= 3 && pairs.threshold < 60)
    }

    @Test func `plots and pictures are written once, whole, and never over something`() async throws {
        let outcome = try await evaluate(people())
        let plots = try EvaluationPlots(outcome).write(to: OutputFolder(folder.appending("plots")))
        #expect(
            plots.map { ($0 as NSString).lastPathComponent } == [
                "det.png", "det.svg", "roc.png", "roc.svg", "scores-1.png", "scores-1.svg", "scores-3.png",
                "scores-3.svg",
            ])
        for file in plots {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
            if file.hasSuffix(".png") {
                #expect(try RGBImage(decoding: bytes).width == 800)
            } else {
                #expect(String(decoding: bytes, as: UTF8.self).contains("halves 2"))
            }
        }
        let worst = try WorstErrors(outcome).write(to: OutputFolder(folder.appending("worst")))
        #expect(
            worst.count { $0.kind == "genuine" } == 10 && worst.count { $0.kind == "skilled" } == 10
                && worst.count { $0.kind == "random" } == 10)
        let first = try #require(worst.first { $0.kind == "skilled" })
        #expect(first.file.hasSuffix("skilled-01.png") && first.probe.hasPrefix("\(first.identity)/forgery/"))
        #expect(first.reference.hasPrefix("\(first.identity)/genuine/"))
        let distances = worst.filter { $0.kind == "skilled" }.map(\.distance)
        #expect(distances == distances.sorted() && abs(distances[0] - 10) < 0.5)
        #expect(try RGBImage(decoding: Array(Data(contentsOf: URL(fileURLWithPath: first.file)))).height == 240)
        #expect(throws: CommandFailure.self) { try OutputFolder(folder.appending("plots")) }
        #expect(throws: CommandFailure.self) { try OutputFolder(plots[0]) }
    }

    @Test func `the same seed gives the same report`() async throws {
        let path = try people()
        let first = try JSONText.line(EvaluationReport(try await evaluate(path)))
        #expect(try JSONText.line(EvaluationReport(try await evaluate(path))) == first)
    }

    @Test func `what cannot be evaluated is refused with what to do`() async throws {
        let empty = folder.appending("empty")
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
        #expect(throws: CommandFailure.self) { try EvaluationData(empty) }
        #expect(throws: CommandFailure.self) { try EvaluationData(folder.appending("nothing")) }
        try picture(1, 2, at: "one/p/1.png")
        await #expect(throws: CommandFailure.self) { try await evaluate(folder.appending("one")) }
        #expect(throws: CommandFailure.self) { try ModelLocation.load(folder.appending("nothing"), store: nil) }
        #expect(throws: CommandFailure.self) {
            try ModelLocation.load("nobody", store: ModelStore(folder: folder.appending("models")))
        }
    }

    @Test func `a model is found by its path and by its name`() throws {
        let package = try Self.package()
        let store = ModelStore(folder: folder.appending("models"))
        let path = try store.install(package)
        let tar = folder.appending("halves.tar")
        try Data(package.tarBytes()).write(to: URL(fileURLWithPath: tar))
        for name in [path, tar, "halves", package.digest.hexadecimal] {
            #expect(try ModelLocation.load(name, store: store).digest == package.digest)
        }
    }

    @Test(
        arguments: [
            ("1,3,5", [1, 3, 5]), ("5,1,5", [1, 5]), ("2", [2]), ("", nil), ("0", nil), ("1,,3", nil), ("101", nil),
            ("1.5", nil), ("a", nil),
            ("1,2,3,4,5,6,7,8,9,10,11", nil),
        ] as [(String, [Int]?)])
    func `numbers of references are read as they are meant`(text: String, expected: [Int]?) {
        #expect(EvaluationOptions.references(text) == expected)
    }

    @Test func `an inspection counts layers, parameters and multiply-adds`() throws {
        let package = try Self.package(calibrated: true)
        let tar = folder.appending("halves.tar"), onnx = folder.appending("embed.onnx")
        try Data(package.tarBytes()).write(to: URL(fileURLWithPath: tar))
        try Data(try #require(package.files["embed.onnx"])).write(to: URL(fileURLWithPath: onnx))
        let report = try InspectionReport(tar, store: nil)
        let network = try #require(report.networks.first)
        #expect(report.model?.name == "halves" && report.model?.calibrationSet == "some" && report.networks.count == 1)
        #expect(network.parameters == 128 && network.multiplyAdds == 128)
        #expect(network.inputs.first?.shape == ["batch", "1", "8", "8"])
        #expect(network.operators == ["Flatten": 1, "Gemm": 1])
        #expect(network.layers.map(\.output) == [[1, 2]])
        let text = try InspectionReport(onnx, store: nil).text
        #expect(text.contains("operators      1 Flatten, 1 Gemm\n") && text.contains("parameters     128\n"))
        #expect(!text.contains("calibrated"))
        try Data([1, 2]).write(to: URL(fileURLWithPath: folder.appending("bad.onnx")))
        #expect(throws: CommandFailure.self) { try InspectionReport(folder.appending("bad.onnx"), store: nil) }
    }
}
