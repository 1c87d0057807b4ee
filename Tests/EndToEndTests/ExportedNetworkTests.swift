// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import Foundation
import ProgramHarness
import Testing

/// Networks that PyTorch exported, imported by `enroll` and run by the daemon: `scripts/check-exports` makes them.
@Suite(
    .serialized,
    .enabled(
        if: TestEnvironment.exports != nil && Products.contains("enroll"),
        "needs LIKENESS_EXPORTS and the built programs; scripts/check-exports sets both"))
struct ExportedNetworkTests {
    private static let exports = TestEnvironment.exports ?? ""

    private static func program(_ arguments: [String]) async throws -> CommandResult {
        try await Command.run(Products.program("enroll"), arguments)
    }

    /// The embeddings in an archive of a gallery, by the identity's name and the sample's number.
    private static func embeddings(inArchive file: String) throws -> [String: [Float]] {
        let folder = try TemporaryFolder()
        let unpacked = try Command.run("/bin/tar", ["-xf", file, "-C", folder.path])
        try #require(unpacked.status == 0, "\(unpacked.errors)")
        let identities = folder.appending("identities")
        var found: [String: [Float]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: identities) {
            let data = try Data(contentsOf: URL(filePath: "\(identities)/\(name)/identity.json"))
            let identity = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let samples = try #require(identity["samples"] as? [[String: Any]])
            for sample in samples {
                let embedding = try #require((sample["embeddings"] as? [[String: Any]])?.first)
                let values = try #require(embedding["values"] as? String)
                let bytes = try #require(Data(base64Encoded: values))
                let name = try #require(identity["name"] as? String), number = try #require(sample["number"] as? Int)
                let key = "\(name)/\(number)"
                found[key] = bytes.withUnsafeBytes { bytes in
                    stride(from: 0, to: bytes.count, by: 4).map {
                        Float(
                            bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
                    }
                }
            }
        }
        return found
    }

    @Test(
        "The reference network as PyTorch exports it gives in the daemon what ONNX Runtime gives",
        arguments: ["ts17", "dyn18"])
    func referenceNetwork(exporter: String) async throws {
        let folder = try TemporaryFolder(), models = folder.appending("models"), people = Self.exports + "/people"
        let imported = try await Self.program([
            "model", "import", "onnx", "\(Self.exports)/reference/reference105-\(exporter).onnx", "--name", "reference",
            "--modality", "glyph", "--calibrate", people, "--output", models,
        ])
        try #require(imported.status == 0, "\(imported.errors)")
        let daemon = try Daemon(models: models)
        try await daemon.start()
        for person in 0..<4 {
            let name = String(format: "%02d", person)
            let images = (1...3).map { "\(people)/\(name)/\($0).png" }
            let added = try await daemon.enroll(["add", "p\(name)", "--modality", "glyph"] + images)
            try #require(added.status == 0, "\(added.errors)")
        }
        let archive = folder.appending("gallery.tar")
        let exported = try await daemon.enroll("gallery", "export", archive)
        try #require(exported.status == 0, "\(exported.errors)")
        let found = try Self.embeddings(inArchive: archive)
        let text = try Data(contentsOf: URL(filePath: Self.exports + "/reference/reference.json"))
        let all = try JSONDecoder().decode([String: [String: [Float]]].self, from: text)
        let expected = try #require(all[exporter])
        #expect(found.count == 12)
        var largest: Float = 0, scale: Float = 0
        for (key, values) in found {
            let reference = try #require(expected[key.dropFirst() + ".png"])
            try #require(values.count == reference.count && values.count == 2)
            for (value, number) in zip(values, reference) {
                largest = max(largest, abs(value - number))
                scale = max(scale, abs(number))
            }
        }
        print("reference105-\(exporter): largest difference \(largest), greatest value \(scale)")
        #expect(largest <= 1e-4 * max(1, scale))
        // The distance of a picture to the mean of the three that are enrolled.
        for probe in ["00/4", "05/4"] {
            let answer = try await daemon.enroll("verify", "p00", "\(people)/\(probe).png", "--json")
            let distance = try #require(try answer.json()["distance"] as? Double, "\(answer.errors)")
            let point = try #require(expected[probe + ".png"])
            let samples = try (1...3).map { try #require(expected["00/\($0).png"]) }
            let squares = point.indices.map { axis in
                let difference = point[axis] - samples.reduce(0) { $0 + $1[axis] } / 3
                return Double(difference * difference)
            }
            #expect(abs(distance - squares.reduce(0, +).squareRoot()) < 1e-5, "\(probe): \(answer.output)")
        }
    }

    @Test(
        "A face network with F.normalize, two outputs, weights beside it and half precision is imported",
        .enabled(if: TestEnvironment.weights != nil, "needs LIKENESS_SHARED with the YuNet detector"),
        arguments: ["ts17", "dyn18"])
    func faceNetwork(exporter: String) async throws {
        let folder = try TemporaryFolder(), models = folder.appending("models")
        let network = "\(Self.exports)/face/face-\(exporter).onnx"
        let detector = "\(TestEnvironment.weights ?? "")/yunet_n_320_320.onnx"
        func importing(_ arguments: String...) async throws -> CommandResult {
            try await Self.program(
                [
                    "model", "import", "onnx", network, "--detector", detector, "--name", "pytorch-face", "--output",
                    models,
                ]
                    + arguments)
        }
        let unstated = try await importing()
        #expect(unstated.status == 78)
        #expect(
            unstated.errors.contains(
                "\(network): it has 2 outputs: “embedding”, “length”; say which of them is the embedding with "
                    + "--embedding-output NAME"), "\(unstated.errors)")
        let length = try await importing("--embedding-output", "length")
        #expect(length.status == 78 && length.errors.contains("has the shape [1, 1]"), "\(length.errors)")
        let chosen = try await importing("--embedding-output", "embedding")
        try #require(chosen.status == 0, "\(chosen.errors)")
        let shown = try await Self.program(["inspect", network, "--json"])
        try #require(shown.status == 0, "\(shown.errors)")
        let networks = try #require(try shown.json()["networks"] as? [[String: Any]])
        let outputs = try #require(networks.first?["outputs"] as? [[String: Any]])
        #expect(outputs.map { $0["name"] as? String } == ["embedding", "length"])
        let listed = try await Self.program(["model", "list", "--models", models, "--json"])
        #expect(try (listed.json()["models"] as? [[String: Any]])?.count == 1)
    }
}
