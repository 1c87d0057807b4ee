// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Testing
import Training

@Suite("Networks that cannot be trained")
struct RefusalTests {
    private func refusal(_ prepare: (inout GraphMaker) -> Void, output: String = "y", rank: Int = 4) -> TrainingError? {
        var maker = GraphMaker(seed: 1)
        prepare(&maker)
        let graph = maker.graph(channels: 2, height: 6, width: 6, output: output, rank: rank)
        do throws(TrainingError) {
            _ = try TrainableNetwork(graph, threads: 1).makePass(inputShape: [1, 2, 6, 6])
            return nil
        } catch {
            return error
        }
    }

    @Test("An operator without a gradient is named, with its node")
    func unsupported() {
        #expect(
            refusal { $0.add("Sigmoid", ["image"], "y") } == .unsupportedOperator(operatorType: "Sigmoid", node: "y"))
    }

    @Test("A node that contradicts itself is named, with its operator and what is wrong")
    func invalid() {
        let cases: [(String, (inout GraphMaker) -> Void)] = [
            ("no initialiser", { $0.add("Conv", ["image", "absent"], "y") }),
            ("do not suit", { $0.convolve("image", "y", from: 3, to: 4, kernel: 3) }),
            ("does not fit", { $0.convolve("image", "y", from: 2, to: 4, kernel: 7) }),
            (
                "kernel_shape",
                { maker in
                    maker.constant("w", [3, 2, 3, 3])
                    maker.add("Conv", ["image", "w"], "y", ["kernel_shape": .ints([5, 5])])
                }
            ),
            (
                "bias",
                { maker in
                    maker.constant("w", [3, 2, 3, 3])
                    maker.constant("b", [2])
                    maker.add("Conv", ["image", "w", "b"], "y")
                }
            ),
            (
                "four axes",
                { maker in
                    maker.constant("w", [3, 2, 3])
                    maker.add("Conv", ["image", "w"], "y")
                }
            ),
            ("ratio", { $0.add("Dropout", ["image"], "y", ["ratio": .float(1)]) }),
            (
                "transB",
                { maker in
                    maker.constant("w", [72, 3])
                    maker.add("Flatten", ["image"], "f")
                    maker.add("Gemm", ["f", "w"], "y")
                }
            ),
            (
                "must be the same",
                { maker in
                    maker.convolve("image", "a", from: 2, to: 2, kernel: 3)
                    maker.add("Add", ["image", "a"], "y")
                }
            ),
            (
                "two axes",
                { maker in
                    maker.constant("w", [3])
                    maker.add("Flatten", ["image"], "f")
                    maker.add("Gemm", ["f", "w"], "y", ["transB": .int(1)])
                }
            ),
            ("axis", { $0.add("Flatten", ["image"], "y", ["axis": .int(2)]) }),
            ("its p", { $0.add("LpNormalization", ["image"], "y", ["p": .int(1)]) }),
            ("vectors", { $0.add("LpNormalization", ["image"], "y", ["axis": .int(1)]) }),
            (
                "one number for each",
                { maker in
                    for name in ["s", "b", "m", "v"] { maker.constant(name, [3]) }
                    maker.add("BatchNormalization", ["image", "s", "b", "m", "v"], "y")
                }
            ),
            (
                "belongs to another node",
                { maker in
                    for name in ["s", "b", "m"] { maker.constant(name, [2]) }
                    maker.add("BatchNormalization", ["image", "s", "b", "m", "m"], "y")
                }
            ),
            (
                "slopes",
                { maker in
                    maker.constant("p", [3, 1, 1])
                    maker.add("PRelu", ["image", "p"], "y")
                }
            ),
            ("attribute “wrong”", { $0.add("Relu", ["image"], "y", ["wrong": .int(1)]) }),
        ]
        for (reason, prepare) in cases {
            let error = refusal(prepare)
            guard case .invalidNetwork(let said)? = error else {
                Issue.record("“\(reason)”: \(error?.description ?? "not refused")")
                continue
            }
            #expect(said.contains(reason), "\(said)")
            #expect(said.hasPrefix("node “y” ("), "\(said)")
        }
    }

    @Test("A graph without one input of four axes and one output that is computed is refused")
    func frame() throws {
        var maker = GraphMaker(seed: 1)
        maker.add("Relu", ["image"], "y")
        let good = maker.graph(channels: 2, height: 6, width: 6, output: "y", rank: 4)
        #expect(throws: Never.self) { try TrainableNetwork(good, threads: 1).makePass(inputShape: [1, 2, 6, 6]) }
        let changes: [(inout Graph) -> Void] = [
            { $0.inputs.append(ValueInfo(name: "other", shape: [.fixed(1)])) }, { $0.inputs = [] }, { $0.outputs = [] },
            { $0.outputs[0].name = "nothing" }, { $0.inputs[0].shape.removeLast() }, { $0.opsetVersion = 99 },
            { $0.nodes.append($0.nodes[0]) }, { $0.outputs[0].name = "image" },
            { $0.nodes[0].inputs = ["y"] }, { $0.nodes[0].inputs = ["later"] },
        ]
        for (index, change) in changes.enumerated() {
            var graph = good
            change(&graph)
            #expect(throws: TrainingError.self, "change \(index)") {
                try TrainableNetwork(graph, threads: 1).makePass(inputShape: [1, 2, 6, 6])
            }
        }
        #expect(throws: TrainingError.self) { try TrainableNetwork(good, threads: 0) }
    }
}
