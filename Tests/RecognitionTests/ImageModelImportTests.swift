// SPDX-License-Identifier: Apache-2.0

import Biometrics
import NeuralNet
import ProgramHarness
import Recognition
import Testing

@Suite struct ImageModelImportTests {
    private func network(_ shape: [Dimension]) throws -> [UInt8] {
        let graph = Graph(
            name: "mean",
            nodes: [
                Node(
                    name: "mean", operatorType: "ReduceMean", inputs: ["image"], outputs: ["embedding"],
                    attributes: ["axes": .ints([1, 2]), "keepdims": .int(0)])
            ],
            inputs: [ValueInfo(name: "image", shape: shape)],
            outputs: [ValueInfo(name: "embedding", shape: [.symbolic("n"), shape[3]])], opsetVersion: 13)
        return try graph.onnxBytes()
    }

    private func refusal(_ body: () throws -> ModelPackage) -> String {
        do {
            _ = try body()
            return "nothing was refused"
        } catch {
            return "\(error)"
        }
    }

    @Test func aSignatureNetworkTellsItsOwnSizeAndChannels() throws {
        let package = try ImageModelImport.makeSignaturePackage(
            name: "signatures", license: "MIT", source: "a test",
            embedding: network([.symbolic("n"), .fixed(1), .fixed(48), .fixed(96)]))
        let manifest = package.manifest
        #expect(manifest.modality == .signature && manifest.alignment == .signatureCanvas(ink: .gray))
        #expect(
            manifest.input == NetworkInput(width: 96, height: 48, channels: .gray, mean: [0], standardDeviation: [255]))
        #expect(manifest.network.embeddingSize == 96 && !manifest.network.normalize)
        #expect(manifest.quality == .signature && manifest.calibration == nil && manifest.detector == nil)
        #expect(try ManifestTests.reread(package).digest == package.digest)
    }

    @Test func whatTheNetworkLeavesOpenIsStated() throws {
        let open: [Dimension] = [.symbolic("n"), .fixed(3), .symbolic("h"), .symbolic("w")]
        let refused = refusal {
            try ImageModelImport.makeSignaturePackage(name: "x", license: "", source: "", embedding: network(open))
        }
        #expect(refused.contains("any size"), "\(refused)")
    }

    @Test func statementsThatDoNotFitAreRefused() throws {
        let gray: [Dimension] = [.symbolic("n"), .fixed(1), .fixed(48), .fixed(96)]
        var statement = ImageModelImport.Statement(width: 100, height: 48)
        let size = refusal {
            try ImageModelImport.makeGlyphPackage(
                name: "x", license: "", source: "", embedding: network(gray), statement: statement)
        }
        #expect(size.contains("100"), "\(size)")
        statement = ImageModelImport.Statement(channels: .rgb)
        let channels = refusal {
            try ImageModelImport.makeGlyphPackage(
                name: "x", license: "", source: "", embedding: network(gray), statement: statement)
        }
        #expect(channels.contains("3 channels"), "\(channels)")
        let noNetwork = refusal {
            try ImageModelImport.makeGlyphPackage(name: "x", license: "", source: "", embedding: [1, 2, 3])
        }
        #expect(noNetwork.contains("embed.onnx"), "\(noNetwork)")
    }

    @Test func aPackageFolderOfAnyModalityIsInstalled() throws {
        let folder = try TemporaryFolder()
        let store = ModelStore(folder: folder.appending("models"))
        let signature = try Fixtures.signaturePackage()
        try signature.write(toFolder: folder.appending("signature"))
        try store.install(ModelPackage.load(from: folder.appending("signature")))
        #expect(try store.activeEntry(of: .signature).manifest == signature.manifest)
    }
}
