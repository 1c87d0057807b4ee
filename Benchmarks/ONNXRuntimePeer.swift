// SPDX-License-Identifier: Apache-2.0

/// ONNX Runtime in a Python process, asked to run a network on one thread.
struct ONNXRuntimePeer {
    private let peer: PythonPeer

    init(python: String, network: String, input: [Float]) throws {
        peer = try PythonPeer(python: python, script: Self.script) { folder in
            [network, try PythonPeer.write(input, "input.f32", in: folder), folder.path]
        }
    }

    /// The time of each of `runs` runs.
    func time(runs: Int) throws -> [Duration] {
        try peer.ask("time \(runs)").split(separator: " ").compactMap { Double($0).map { .seconds($0) } }
    }

    /// The values of every output, in the network's order.
    func outputs() throws -> [[Float]] {
        let count = Int(try peer.ask("outputs")) ?? 0
        return try (0..<count).map { try peer.numbers("output-\($0).f32") }
    }

    func stop() { peer.stop() }

    private static let script = """
        import sys, time
        import numpy, onnxruntime
        network, input_file, folder = sys.argv[1:]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        first = session.get_inputs()[0]
        shape = [size if isinstance(size, int) else 1 for size in first.shape]
        feed = {first.name: numpy.fromfile(input_file, numpy.float32).reshape(shape)}
        for line in sys.stdin:
            words = line.split()
            if words[0] == "time":
                times = []
                for _ in range(int(words[1])):
                    start = time.perf_counter()
                    session.run(None, feed)
                    times.append(time.perf_counter() - start)
                print(*times, flush=True)
            else:
                outputs = session.run(None, feed)
                for index, output in enumerate(outputs):
                    output.astype(numpy.float32).tofile(f"{folder}/output-{index}.f32")
                print(len(outputs), flush=True)
        """
}
