// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness

/// Numbers that are out of bounds nearly everywhere, and at the edges of arithmetic.
enum Absurd {
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

    /// One or two things of a graph changed: attributes of a node, a constant, or what an input declares.
    static func change(_ graph: Graph, with random: inout SeededGenerator) -> Graph {
        var changed = graph
        for _ in 0..<random.int(1...2) {
            switch random.int(0...9) {
            case 0:
                guard let index = changed.inputs.indices.randomElement(using: &random) else { continue }
                let extents = changed.inputs[index].shape.map { if case .fixed(let extent) = $0 { extent } else { 1 } }
                changed.inputs[index].shape = change(extents, with: &random).map { .fixed($0) }
            case 1...3:
                guard let name = changed.initializers.keys.sorted().randomElement(using: &random),
                    let tensor = changed.initializers[name]
                else { continue }
                changed.initializers[name] = change(tensor, with: &random)
            default:
                let changeable = changed.nodes.indices.filter { !changed.nodes[$0].attributes.isEmpty }
                guard let index = changeable.randomElement(using: &random),
                    let key = changed.nodes[index].attributes.keys.sorted().randomElement(using: &random),
                    let attribute = changed.nodes[index].attributes[key]
                else { continue }
                changed.nodes[index].attributes[key] = moderate(attribute, with: &random)
            }
        }
        return changed
    }

    /// Numbers that are large for a window, and not so large that every bound refuses them.
    private static func moderate(_ attribute: Attribute, with random: inout SeededGenerator) -> Attribute {
        let large = [2, 3, 7, 31, 100, 1000, 4096]
        switch attribute {
        case .int(let value) where random.int(0...1) == 0: return .int(large.randomElement(using: &random) ?? value)
        case .ints(let values) where random.int(0...1) == 0:
            return .ints(values.map { random.int(0...1) == 0 ? large.randomElement(using: &random) ?? $0 : $0 })
        default: return change(attribute, with: &random)
        }
    }
}
