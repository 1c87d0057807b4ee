// SPDX-License-Identifier: Apache-2.0

import DlibModels
import NeuralNet
import Testing

@Suite struct DetectorFileTests {
    @Test func settingsAndGeometryComeFromTheFile() throws {
        let parameters = try DlibImport.detectorGraph(fileBytes: SyntheticDetector().bytes()).parameters
        #expect(parameters.windowWidth == 80 && parameters.windowHeight == 60)
        #expect(parameters.means == [120, 110, 100] && parameters.divisor == 256)
        #expect(parameters.pyramidPadding == 10 && parameters.pyramidOuterPadding == 11)
        #expect(parameters.overlapUnion == Double(Float(0.4)) && parameters.overlapCovered == 0.75)
        // Three windows of 5 pixels with stride 2 and no padding: 8 pixels a step, from 2 + 4 + 8.
        #expect(parameters.outputStride == 8 && parameters.outputOffset == 14)
    }

    @Test func scalesAndShiftsAreFoldedIntoTheConvolutions() throws {
        let graph = try DlibImport.detectorGraph(fileBytes: SyntheticDetector().bytes()).graph
        #expect(
            graph.nodes.map(\.operatorType) == Array(repeating: ["Conv", "Relu"], count: 6).flatMap { $0 } + ["Conv"])
        let first = try #require(graph.nodes.first)
        guard case .float(let weights)? = graph.initializers[first.inputs[1]]?.storage,
            case .float(let biases)? = graph.initializers[first.inputs[2]]?.storage
        else {
            Issue.record("the first convolution has no weights")
            return
        }
        for (index, weight) in weights.enumerated() {
            #expect(weight == SyntheticDetector.weight(layer: 0, index: index) * SyntheticDetector.scale(index / 75))
        }
        for (channel, bias) in biases.enumerated() {
            #expect(bias == Float(channel) / 100 * SyntheticDetector.scale(channel) + SyntheticDetector.shift(channel))
        }
    }

    @Test func detectorsOfAnotherKindAreRefused() {
        for file in [
            SyntheticDetector(windows: 2), SyntheticDetector(regression: true), SyntheticDetector(overlap: 1.5),
            SyntheticDetector(trailing: [0]), SyntheticDetector(extraChannels: 1),
        ] {
            #expect(throws: DlibImportError.self) { try DlibImport.detectorGraph(fileBytes: file.bytes()) }
        }
    }

    @Test func everyTruncationIsATypedError() {
        let bytes = SyntheticDetector().bytes()
        for count in Array(0..<300) + Array(stride(from: 300, to: bytes.count, by: 9973)) + [bytes.count - 1] {
            #expect(throws: DlibImportError.self) {
                try DlibImport.detectorGraph(fileBytes: Array(bytes.prefix(count)))
            }
        }
    }

    @Test func everyChangedBitOfTheHeadIsAnAnswerOrATypedError() throws {
        let bytes = SyntheticDetector().bytes()
        var refused = 0
        for bit in 0..<200 * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            do throws(DlibImportError) {
                _ = try DlibImport.detectorGraph(fileBytes: changed)
            } catch {
                #expect(!error.description.isEmpty)
                refused += 1
            }
        }
        #expect(refused > 800)
    }
}
