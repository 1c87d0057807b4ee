// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing

/// Real networks with random weights, exported by PyTorch: `scripts/check-exports` makes them and names their folder.
enum ExportedBackbones {
    static let missing: Comment = "LIKENESS_EXPORTS names no folder; scripts/check-exports makes it"
    static let files: [URL] = {
        guard let folder = TestEnvironment.exports.map({ URL(filePath: $0).appending(path: "backbones") }),
            let found = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        else { return [] }
        return found.filter { $0.pathExtension == "onnx" }.sorted { $0.path < $1.path }
    }()
}

@Suite("Backbones that PyTorch exports", .enabled(if: !ExportedBackbones.files.isEmpty, ExportedBackbones.missing))
struct ExportedBackboneTests {
    private static func floats(_ url: URL) throws -> [Float] {
        try Data(contentsOf: url).withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
            }
        }
    }

    @Test("Both exporters' files of every backbone are there")
    func bothExporters() {
        let names = ExportedBackbones.files.map { $0.deletingPathExtension().lastPathComponent }
        for backbone in [
            "resnet18", "mobilenet_v3_small", "efficientnet_b0", "convnext_atto", "vit_tiny", "edgenext_xx_small",
            "ghostnet_050", "iresnet18",
        ] {
            #expect(names.contains("\(backbone)-ts17") && names.contains("\(backbone)-dyn18"), "\(backbone)")
        }
    }

    @Test(
        "A backbone gives what ONNX Runtime gives, within 1e-4 of its greatest value",
        arguments: ExportedBackbones.files)
    func backbone(_ file: URL) throws {
        let base = file.deletingPathExtension()
        let network = try Network(onnx: Array(try Data(contentsOf: file)))
        let input = try #require(network.inputs.first), output = try #require(network.outputs.first)
        let plan = try network.plan()
        let run = plan.makeRun()
        try run.setInput(input.name, try Self.floats(base.appendingPathExtension("in")))
        try run.execute()
        let values = try run.output(output.name).values
        let expected = try Self.floats(base.appendingPathExtension("out"))
        try #require(values.count == expected.count)
        let scale = expected.reduce(0) { max($0, abs($1)) }
        let difference = zip(values, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
        print("\(base.lastPathComponent): largest difference \(difference), greatest value \(scale)")
        #expect(scale > 0 && scale.isFinite)
        #expect(difference <= 1e-4 * scale)
    }
}
