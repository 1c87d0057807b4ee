// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness

/// The ONNX project's own node tests: `Tests/Support/python/node_cases.py`.
struct NodeCases: Sendable {
    struct Value: Decodable, Sendable {
        let name: String
        /// ONNX's number of the element type.
        let type: Int
        /// nil for what is no dense tensor of numbers.
        let shape: [Int]?
        /// The index of its first number in the file of all values.
        let position: Int?
    }

    struct Case: Decodable, Sendable {
        let name: String
        let operators: [String]
        let inputs: [Value]
        let outputs: [Value]
        let relative: Double
        let absolute: Double
    }

    /// What of a case's inputs is part of the network, as it is in networks that are used: shapes, axes and weights
    /// are seldom computed.
    enum Known: Int, CaseIterable, Sendable, CustomStringConvertible {
        case nothing, whatIsNoFloat, allButFirst, everything

        var description: String {
            switch self {
            case .nothing: "with all inputs given to a run"
            case .whatIsNoFloat: "with inputs that are no floats as constants"
            case .allButFirst: "with all inputs but the first as constants"
            case .everything: "with all inputs as constants"
            }
        }
    }

    enum Outcome: Sendable {
        case passed(Known)
        case refused(NetworkError)
        case wrong(String)
    }

    let cases: [Case]
    private let folder: URL
    private let values: [Double]

    /// Made in a folder of its own.
    static func make() throws -> (cases: NodeCases, folder: TemporaryFolder) {
        let temporary = try TemporaryFolder()
        try PythonReference.run("node_cases.py", [temporary.path], timeout: .seconds(300))
        return (try NodeCases(folder: temporary.path), temporary)
    }

    init(folder path: String) throws {
        folder = URL(filePath: path)
        cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: folder.appending(path: "cases.json")))
        values = try Data(contentsOf: folder.appending(path: "values.bin")).withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 8).map {
                Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self)))
            }
        }
    }

    func numbers(_ value: Value) -> [Double] {
        guard let shape = value.shape, let position = value.position else { return [] }
        return Array(values[position..<position + shape.reduce(1, *)])
    }

    /// The first way of giving the inputs that the engine takes decides.
    func outcome(of each: Case) throws -> Outcome {
        let bytes = Array(try Data(contentsOf: folder.appending(path: each.name + ".onnx")))
        var refusal = NetworkError.unsupportedModel(reason: "a value of it is no dense tensor of numbers")
        for known in Known.allCases {
            do throws(NetworkError) {
                let difference = try difference(each, bytes, known)
                return difference.map { .wrong("\(known): \($0)") } ?? .passed(known)
            } catch {
                // The first says what is missing, unless it is only that a value is not known.
                if known == .nothing || known == .everything { refusal = error }
            }
        }
        return .refused(refusal)
    }

    private func difference(_ each: Case, _ bytes: [UInt8], _ known: Known) throws(NetworkError) -> String? {
        var graph = try Graph(onnx: bytes)
        var shapes: [String: [Int]] = [:]
        for (index, input) in each.inputs.enumerated() {
            guard let declared = graph.inputs.firstIndex(where: { $0.name == input.name }) else { continue }
            guard let shape = input.shape else {
                throw .unsupportedModel(reason: "input “\(input.name)” is no dense tensor of numbers")
            }
            let type = graph.inputs[declared].elementType
            let isKnown =
                switch known {
                case .nothing: false
                case .whatIsNoFloat: type != .float && type != .double
                case .allButFirst: index > 0
                case .everything: true
                }
            if isKnown {
                graph.initializers[input.name] = ConstantTensor(shape: shape, storage: .double(numbers(input)))
                    .converted(to: type)
                graph.inputs.remove(at: declared)
            } else {
                shapes[input.name] = shape
            }
        }
        let run = try Network(graph: graph).plan(inputShapes: shapes).makeRun()
        for input in each.inputs where shapes[input.name] != nil {
            try run.setInput(input.name, numbers(input).map { Float($0) })
        }
        try run.execute()
        for expected in each.outputs {
            guard let shape = expected.shape else {
                throw .unsupportedModel(reason: "output “\(expected.name)” is no dense tensor of numbers")
            }
            let output = try run.output(expected.name)
            guard output.shape == shape else {
                return "\(expected.name) has the shape \(output.shape) instead of \(shape)"
            }
            for (place, pair) in zip(output.values, numbers(expected)).enumerated()
            where !agree(pair.0, pair.1, ofType: expected.type, each) {
                return "\(expected.name)[\(place)] is \(pair.0) instead of \(pair.1)"
            }
        }
        return nil
    }

    /// Within what the case allows. What is expected in half precision and bfloat16 is rounded to these at each step of
    /// its computation, and the engine computes in single precision: they may differ by a few last places.
    private func agree(_ value: Float, _ expected: Double, ofType type: Int, _ each: Case) -> Bool {
        let value = Double(value)
        if value == expected || (value.isNaN && expected.isNaN) || value == Double(Float(expected)) { return true }
        let relative =
            switch type {
            case 10: max(each.relative, 4.0 / 2048)
            case 16: max(each.relative, 4.0 / 256)
            default: each.relative
            }
        return abs(value - expected) <= each.absolute + relative * abs(expected)
    }
}
