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

/// Numbers that are out of bounds nearly everywhere, and at the edges of arithmetic.
private enum Absurd {
    static let integers = [Int.max, Int.min, Int.max - 1, 1 << 62, 1 << 40, 1 << 31, -(1 << 31), 65_537, -1, 0, 1]
    static let floats: [Float] = [.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -1, 0]

    static func change(_ values: [Int], with random: inout SeededGenerator) -> [Int] {
        guard !values.isEmpty, let absurd = integers.randomElement(using: &random) else { return values }
        var changed = values
        changed[random.int(0...values.count - 1)] = absurd
        if random.int(0...9) == 0 { changed.append(absurd) }
        return changed
    }

    static func change(_ values: [Float], with random: inout SeededGenerator) -> [Float] {
        guard !values.isEmpty, let absurd = floats.randomElement(using: &random) else { return values }
        var changed = values
        changed[random.int(0...values.count - 1)] = absurd
        return changed
    }

    static func change(_ attribute: Attribute, with random: inout SeededGenerator) -> Attribute {
        if random.int(0...1) == 0 { return attribute }
        return switch attribute {
        case .int(let value): .int(change([value], with: &random)[0])
        case .ints(let values): .ints(change(values, with: &random))
        case .float(let value): .float(change([value], with: &random)[0])
        case .floats(let values): .floats(change(values, with: &random))
        case .tensor(let tensor): .tensor(change(tensor, with: &random))
        case .string, .strings, .graph: attribute
        }
    }

    static func change(_ tensor: ConstantTensor, with random: inout SeededGenerator) -> ConstantTensor {
        let storage: ConstantTensor.Storage =
            switch tensor.storage {
            case .int64(let values): .int64(change(values.map { Int($0) }, with: &random).map { Int64($0) })
            case .float(let values): .float(change(values, with: &random))
            default: tensor.storage
            }
        // Now and then a shape that its values do not fill.
        let shape = random.int(0...9) == 0 ? change(tensor.shape, with: &random) : tensor.shape
        return ConstantTensor(shape: shape, storage: storage)
    }
}
