// SPDX-License-Identifier: Apache-2.0

import Biometrics
import NeuralNet
import Recognition
import Testing

@Suite struct SideBySideTests {
    /// The fixture's network with other weights for each number.
    private func package(_ number: Int, normalize: Bool = true, width: Int = Fixtures.side) throws -> ModelPackage {
        var graph = try Graph(onnx: Fixtures.network())
        let count = Fixtures.side * Fixtures.side * Fixtures.embeddingSize
        let weights = (0..<count).map { Float(($0 * (7 + 2 * number) + number) % 11 - 5) / 8 * Float(1 + number) }
        graph.initializers["weights"] = ConstantTensor(
            shape: [count / Fixtures.embeddingSize, Fixtures.embeddingSize], storage: .float(weights))
        return try ModelPackage(
            manifest: Fixtures.manifest(
                name: "m\(number)", width: width, normalize: normalize, calibration: Fixtures.calibration()),
            files: ["embed.onnx": graph.onnxBytes()])
    }

    private func embeddings(_ package: ModelPackage) throws -> [[Float]] {
        let session = try Recognizer(package: package).makeSession()
        return try session.embed((0..<5).map { try session.prepare(Fixtures.pattern(width: 8, height: 8, seed: $0)) })
            .map(\.values)
    }

    private func squaredDistance(_ first: [Float], _ second: [Float]) -> Float {
        zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    @Test func theSquaredDistanceIsTheMeanOfThoseOfTheMembers() throws {
        let members = try (0..<3).map { try package($0) }
        let joined = try ModelPackage.sideBySide(members, name: "all", version: "2")
        #expect(joined.manifest.network.embeddingSize == 9 && joined.manifest.calibration == nil)
        #expect(joined.manifest.name == "all" && joined.manifest.version == "2" && joined.manifest.license == "MIT")
        let whole = try embeddings(joined), parts = try members.map(embeddings)
        for first in whole.indices {
            for second in whole.indices {
                let mean = parts.reduce(Float(0)) { $0 + squaredDistance($1[first], $1[second]) } / 3
                #expect(abs(squaredDistance(whole[first], whole[second]) - mean) < 1e-5)
            }
        }
        // The members' own disagree, or nothing would be shown.
        #expect(abs(squaredDistance(parts[0][0], parts[0][1]) - squaredDistance(parts[1][0], parts[1][1])) > 0.01)
    }

    @Test func aJoinedPackageSurvivesItsFileAndCanBeJoinedAgain() throws {
        let pair = try ManifestTests.reread(
            ModelPackage.sideBySide([package(0), package(1)], name: "pair", version: "1"))
        let triple = try ManifestTests.reread(
            ModelPackage.sideBySide([pair, package(2)], name: "triple", version: "1"))
        let whole = try embeddings(triple), parts = try [pair, package(2)].map(embeddings)
        let mean = (squaredDistance(parts[0][0], parts[0][1]) + squaredDistance(parts[1][0], parts[1][1])) / 2
        #expect(abs(squaredDistance(whole[0], whole[1]) - mean) < 1e-5)
    }

    @Test func aMemberOfSmallerImagesSeesThemMadeSmaller() throws {
        func package(_ side: Int, _ name: String, weight: Float) throws -> ModelPackage {
            var graph = try Graph(onnx: Fixtures.network())
            let count = side * side
            let weights = (0..<count * Fixtures.embeddingSize).map { Float($0 * 7 % 11 - 5) / 8 * weight }
            graph.initializers["weights"] = ConstantTensor(
                shape: [count, Fixtures.embeddingSize], storage: .float(weights))
            graph.inputs[0].shape[2] = .fixed(side)
            graph.inputs[0].shape[3] = .fixed(side)
            var manifest = try Fixtures.manifest(name: name, width: side, normalize: true)
            manifest.input.height = side
            return try ModelPackage(manifest: manifest, files: ["embed.onnx": graph.onnxBytes()])
        }
        let small = try package(8, "small", weight: 1), large = try package(10, "large", weight: -1)
        for members in [[small, large], [large, small]] {
            let joined = try ModelPackage.sideBySide(members, name: "both", version: "1")
            #expect(joined.manifest.input.width == 10 && joined.manifest.input.height == 10)
            let whole = try embeddings(ManifestTests.reread(joined)), own = try embeddings(large)
            #expect(whole.allSatisfy { $0.count == 2 * Fixtures.embeddingSize })
            // The one that sees the whole image is as it was.
            let part = members[0].manifest.name == "large" ? 0 : Fixtures.embeddingSize
            for (joined, alone) in zip(whole, own) {
                for index in alone.indices {
                    #expect(abs(joined[part + index] * Float(2).squareRoot() - alone[index]) < 1e-5)
                }
            }
        }
        #expect(throws: ModelPackageError.self) {
            try ModelPackage.sideBySide([small, package(17, "twice", weight: 2)], name: "both", version: "1")
        }
    }

    @Test func aLastNodeThatDoesNotMakeLengthOneIsNotTakenForOneThatDoes() throws {
        func ending(_ attributes: [String: Attribute]) throws -> Graph {
            var graph = try Graph(onnx: Fixtures.network())
            graph.nodes.append(
                Node(
                    operatorType: "LpNormalization", inputs: ["embedding"], outputs: ["normal"], attributes: attributes)
            )
            graph.outputs[0].name = "normal"
            return graph
        }
        #expect(try ending([:]).isNormalized && ending(["p": .int(2), "axis": .int(1)]).isNormalized)
        #expect(try !ending(["p": .int(1)]).isNormalized && !ending(["axis": .int(0)]).isNormalized)
        #expect(try !Graph(onnx: Fixtures.network()).isNormalized)
        // Joined, each is brought to length 1 whatever it ends with.
        let plain = try package(0)
        let other = try ModelPackage(
            manifest: plain.manifest, files: ["embed.onnx": ending(["p": .int(1)]).onnxBytes()])
        let both = try embeddings(ModelPackage.sideBySide([plain, other], name: "x", version: "1"))
        let parts = try [plain, other].map(embeddings)
        let mean = (squaredDistance(parts[0][0], parts[0][1]) + squaredDistance(parts[1][0], parts[1][1])) / 2
        #expect(abs(squaredDistance(both[0], both[1]) - mean) < 1e-5)
    }

    @Test(arguments: ["picture", "embedding.", "side-by-side", "member1/flat", "member2/flat"])
    func whatTheBatchAndTheInputAreCalledDoesNotMatter(input: String) throws {
        var graph = try Graph(onnx: Fixtures.network(batch: .symbolic("N")))
        graph.inputs[0].name = input
        graph.nodes[0].inputs = [input]
        let plain = try package(0),
            other = try ModelPackage(manifest: plain.manifest, files: ["embed.onnx": graph.onnxBytes()])
        for members in [[plain, other], [other, plain]] {
            #expect(
                try embeddings(ModelPackage.sideBySide(members, name: "x", version: "1")).allSatisfy { $0.count == 6 })
        }
    }

    @Test func anOutputOfAnotherLengthThanThePackageStatesIsRefused() throws {
        let plain = try package(0)
        var manifest = plain.manifest
        manifest.network.embeddingSize = 4
        let other = try ModelPackage(manifest: manifest, files: plain.files)
        #expect(throws: ModelPackageError.self) {
            try ModelPackage.sideBySide([plain, other], name: "x", version: "1")
        }
    }

    private func spreading(_ package: ModelPackage, _ usual: Double) throws -> ModelPackage {
        var manifest = package.manifest
        manifest.spread = ReferenceSpread(usual: usual)
        return try ModelPackage(manifest: manifest, files: package.files)
    }

    @Test func squaredSpreadsAreAveraged() throws {
        let joined = try ModelPackage.sideBySide(
            [spreading(package(0), 0.3), spreading(package(1), 0.4)], name: "x", version: "1")
        #expect(abs((joined.manifest.spread?.usual ?? 0) - (0.125).squareRoot()) < 1e-12)
        #expect(joined.manifest.defaultReferenceRule.spread == joined.manifest.spread)
    }

    @Test func packagesThatDoNotSeeTheSameAreRefusedByName() throws {
        func refusal(_ members: [ModelPackage]) -> String {
            do {
                _ = try ModelPackage.sideBySide(members, name: "x", version: "1")
                return "taken"
            } catch { return "\(error)" }
        }
        #expect(try refusal([package(0), spreading(package(1), 0.3)]).contains("“m0” 1.2 states no usual_spread"))
        #expect(try refusal([package(0), package(1), package(0)]).contains("“m0” is named twice"))
        #expect(try refusal([package(0)]).contains("two packages or more"))
        #expect(try refusal([package(0), package(1, normalize: false)]).contains("“m1” have not length 1"))
        #expect(try refusal([package(0), package(1, width: 16)]).contains("“m1” has an input that “m0” has not"))
        let signature = try Fixtures.signaturePackage()
        #expect(try refusal([package(0), signature]).contains("“signatures” has a modality that “m0” has not"))
    }
}
