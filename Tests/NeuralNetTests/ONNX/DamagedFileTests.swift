// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness
import Testing

@Suite("Damaged and hostile ONNX files")
struct DamagedFileTests {
    @Test(
        "No bytes and other files are refused",
        arguments: [[], [0], Array("GIF89a".utf8), [UInt8](repeating: 0xFF, count: 64)])
    func refusesOtherFiles(bytes: [UInt8]) {
        #expect(throws: NetworkError.self) { try Graph(onnx: bytes) }
    }

    @Test(
        "A file cut anywhere is refused", .enabled(if: SharedNetworks.isPresent, SharedNetworks.missing))
    func truncations() throws {
        let bytes = try SharedNetworks.bytes("yunet_n_dynamic")
        var random = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            let length = random.int(0...bytes.count - 1)
            // Protobuf writes the graph as one field; only its end, where the opset lies, can be cut off whole.
            #expect(throws: NetworkError.self, "cut to \(length) bytes") {
                try Graph(onnx: Array(bytes.prefix(length)))
            }
        }
    }

    @Test(
        "A file with flipped bits is refused by a typed error, or is another graph",
        .enabled(if: SharedNetworks.isPresent, SharedNetworks.missing))
    func bitFlips() throws {
        let bytes = try SharedNetworks.bytes("yunet_n_dynamic")
        let weights = structure(of: bytes)
        var random = SeededGenerator(seed: 2)
        var refused = 0
        for trial in 0..<400 {
            var damaged = bytes
            for _ in 0..<(trial % 4 + 1) {
                // Most of the file is weights, where any bit goes: every second flip hits what describes them.
                let position =
                    trial.isMultiple(of: 2)
                    ? random.int(0...bytes.count - 1) : weights[random.int(0...weights.count - 1)]
                damaged[position] ^= 1 << UInt8(random.int(0...7))
            }
            do throws(NetworkError) {
                let graph = try Graph(onnx: damaged)
                _ = try graph.onnxBytes()
            } catch {
                refused += 1
                #expect(!error.description.isEmpty)
            }
        }
        #expect(refused > 50)
    }

    @Test("A chain of many nodes in the wrong order is sorted without deep recursion")
    func longChain() throws {
        let count = NetworkLimits.maximumNodes
        let nodes = (0..<count).reversed().map {
            Node(operatorType: "Relu", inputs: ["v\($0)"], outputs: ["v\($0 + 1)"])
        }
        let graph = Graph(
            name: "chain", nodes: nodes, inputs: [ValueInfo(name: "v0", shape: [.fixed(1)])],
            outputs: [ValueInfo(name: "v\(count)", shape: [.fixed(1)])], opsetVersion: 13)
        let read = try Graph(onnx: graph.onnxBytes())
        #expect(read.nodes == nodes.reversed())

        var longer = graph
        longer.nodes.append(Node(operatorType: "Relu", inputs: ["v0"], outputs: ["w"]))
        let bytes = try longer.onnxBytes()
        let error = #expect(throws: NetworkError.self) { try Graph(onnx: bytes) }
        #expect(error?.description.contains("100001 nodes") == true)
    }

    @Test("Millions of tiny parts are refused before they are decoded")
    func manyTinyParts() {
        let count = 3 << 20
        // Graph.node is field 1; two bytes each.
        let nodes = Array([[UInt8]](repeating: [0x0A, 0], count: count).joined())
        let model = [0x08, 8] + field(7, nodes)
        let error = #expect(throws: NetworkError.self) { try Graph(onnx: model) }
        #expect(error?.description.contains("more nodes, attributes, names") == true)

        // Node.attribute is field 5, and the names of its inputs field 1.
        for tag in [UInt8(0x2A), 0x0A] {
            let node = field(1, Array([[UInt8]](repeating: [tag, 0], count: count).joined()))
            let deeper = #expect(throws: NetworkError.self) { try Graph(onnx: [0x08, 8] + field(7, node)) }
            #expect(deeper?.description.contains("more nodes, attributes, names") == true)
        }
    }

    @Test(
        "Lengths beyond the file or beyond 64 bits are refused",
        arguments: [
            [0x3A, 0x7F], [0x3A] + [UInt8](repeating: 0xFF, count: 9) + [1],
            [0x3A] + [UInt8](repeating: 0xFF, count: 20),
            [0x3B, 0x3C], [0x3E, 0], [0xFA, 0xFF, 0xFF, 0xFF, 0x7F, 0], [0x00, 0x00], [0x08],
        ] as [[UInt8]])
    func brokenEncodings(bytes: [UInt8]) {
        let error = #expect(throws: NetworkError.self) { try Graph(onnx: bytes) }
        guard case .malformedModel = error else {
            Issue.record("\(bytes): \(String(describing: error))")
            return
        }
    }

    /// A length-delimited protobuf field.
    private func field(_ number: UInt8, _ contents: [UInt8]) -> [UInt8] {
        var length = contents.count, header = [number << 3 | 2]
        repeat {
            header.append(UInt8(length & 0x7F) | (length > 0x7F ? 0x80 : 0))
            length >>= 7
        } while length > 0
        return header + contents
    }

    /// The places near readable names, which is where the file says what its weights are.
    private func structure(of bytes: [UInt8]) -> [Int] {
        bytes.indices.filter { index in
            bytes[index..<min(index + 6, bytes.count)].allSatisfy { (0x20..<0x7F).contains($0) }
        }.flatMap { [max($0 - 2, 0), max($0 - 1, 0), $0] }
    }
}
