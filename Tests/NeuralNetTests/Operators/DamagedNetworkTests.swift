// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness
import Testing

@Suite("Damaged networks", .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
struct DamagedNetworkTests {
    /// More than any sound case needs; a run of a damaged one that would take more is planned only.
    private static let mostBytes = 16 << 20

    @Test("A model of any operator with flipped bits is refused by a typed error, or runs")
    func bitFlips() throws {
        let reference = try OperatorCases.shared.get()
        var random = SeededGenerator(seed: 3)
        var refused = 0, ran = 0
        for each in reference.cases where !each.isNetwork {
            let shapes = each.symbolic ? Dictionary(uniqueKeysWithValues: each.inputs.map { ($0.name, $0.shape) }) : [:]
            for _ in 0..<20 {
                var model = reference.model(each)
                for _ in 0..<random.int(1...3) {
                    model[random.int(0...model.count - 1)] ^= 1 << UInt8(random.int(0...7))
                }
                do throws(NetworkError) {
                    let plan = try Network(onnx: model).plan(inputShapes: shapes)
                    guard plan.bytesPerRun <= Self.mostBytes else { continue }
                    let run = plan.makeRun()
                    for input in plan.inputs {
                        try run.setInput(input.name, random.values(product(input.shape)))
                    }
                    try run.execute()
                    for output in plan.outputs {
                        #expect(try run.output(output.name).values.count == product(output.shape))
                    }
                    ran += 1
                } catch {
                    refused += 1
                    #expect(!error.description.isEmpty)
                }
            }
        }
        #expect(refused > 1000)
        #expect(ran > 1000)
    }

    @Test("A model of any operator with an absurd number in it is refused by a typed error, or planned")
    func absurdNumbers() throws {
        let reference = try OperatorCases.shared.get()
        var random = SeededGenerator(seed: 4)
        var refused = 0, planned = 0
        for each in reference.cases where !each.isNetwork {
            let sound = try Graph(onnx: reference.model(each))
            for _ in 0..<10 {
                var graph = sound, shapes: [String: [Int]] = [:]
                if each.symbolic || random.int(0...9) == 0 {
                    for input in each.inputs { shapes[input.name] = input.shape }
                }
                switch random.int(0...9) {
                case 0: shapes = shapes.mapValues { Absurd.change($0, with: &random) }
                case 1...3:
                    for (name, tensor) in graph.initializers.sorted(by: { $0.key < $1.key }) {
                        graph.initializers[name] = Absurd.change(tensor, with: &random)
                    }
                default:
                    for index in graph.nodes.indices {
                        for (name, attribute) in graph.nodes[index].attributes.sorted(by: { $0.key < $1.key }) {
                            graph.nodes[index].attributes[name] = Absurd.change(attribute, with: &random)
                        }
                    }
                }
                do throws(NetworkError) {
                    _ = try Network(graph: graph).plan(inputShapes: shapes)
                    planned += 1
                } catch {
                    refused += 1
                    #expect(!error.description.isEmpty)
                }
            }
        }
        #expect(refused > 500)
        #expect(planned > 500)
    }
}
