// SPDX-License-Identifier: Apache-2.0

import DlibModels
import Foundation
import NeuralNet
import ProgramHarness
import Recognition
import Testing

@Suite(.enabled(if: TestEnvironment.dlibModels != nil, "LIKENESS_DLIB_MODELS names no folder with dlib's models"))
struct PublishedModelsTests {
    @Test func arePackagedWithWhatTheManifestNeeds() throws {
        let files = try DlibImport.makePackage(modelsFolder: #require(TestEnvironment.dlibModels))
        #expect(files.means == [122.782, 117.001, 104.298])
        #expect(files.divisor == 256)
        #expect(files.chipSide == 150 && files.chipPadding == 0.25 && files.embeddingSize == 128)
        #expect(files.detector.windowWidth == 80 && files.detector.windowHeight == 80)
        #expect(abs(files.detector.overlapUnion - 0.338276) < 1e-6 && files.detector.overlapCovered == 1)
        #expect(try ShapePredictor(fileBytes: files.landmarks).stages.count == 15)

        let embedding = try Graph(onnx: files.embedONNX)
        #expect(embedding.nodes.count { $0.operatorType == "Conv" } == 29)
        #expect(!embedding.nodes.contains { $0.operatorType == "BatchNormalization" })
        let run = try Network(onnx: files.embedONNX).plan(inputShapes: ["image": [1, 3, 150, 150]]).makeRun()
        try run.setInput("image", Array(repeating: 0, count: 3 * 150 * 150))
        try run.execute()
        let output = try run.output("embedding")
        #expect(output.shape == [1, 128])
        #expect(output.values.allSatisfy(\.isFinite) && output.values.contains { $0 != 0 })
    }

    @Test func aChangedFileIsRefusedByItsDigest() throws {
        let models = try #require(TestEnvironment.dlibModels)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dlib-models-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for file in DlibKnownFile.allCases {
            var data = try Data(contentsOf: URL(fileURLWithPath: models).appendingPathComponent(file.rawValue))
            // A weight in the middle of a tensor: the format stays right.
            if file == .detector { data[1000] ^= 1 }
            try data.write(to: folder.appendingPathComponent(file.rawValue))
        }
        do {
            _ = try DlibImport.makePackage(modelsFolder: folder.path)
            Issue.record("a changed detector was accepted")
        } catch .unknownContent(let name, let digest) {
            #expect(name == DlibKnownFile.detector.rawValue)
            #expect(digest != DlibKnownFile.detector.sha256 && digest.count == 64)
        }
        #expect(throws: Never.self) {
            try DlibImport.makePackage(modelsFolder: folder.path, allowingUnknownContent: true)
        }
    }

    @Test func aMissingFileIsNamed() {
        do {
            _ = try DlibImport.makePackage(modelsFolder: "/nonexistent")
            Issue.record("models were found where there is no folder")
        } catch {
            guard case .unreadableFile(let name, _) = error else {
                Issue.record("unexpected error: \(error)")
                return
            }
            #expect(name == DlibKnownFile.embedding.rawValue)
        }
    }

    @Test func truncatedFilesAreTypedErrors() throws {
        let folder = URL(fileURLWithPath: try #require(TestEnvironment.dlibModels))
        for file in DlibKnownFile.allCases {
            let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(file.rawValue)))
            for share in [0, 1, 5, 50, 90, 99] {
                let part = Array(bytes.prefix(bytes.count * share / 100))
                #expect(throws: DlibImportError.self) {
                    switch file {
                    case .embedding: _ = try DlibImport.embeddingGraph(fileBytes: part)
                    case .detector: _ = try DlibImport.detectorGraph(fileBytes: part)
                    case .landmarks: _ = try DlibImport.shapePredictor(fileBytes: part)
                    }
                }
            }
        }
    }
}
