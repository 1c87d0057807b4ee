// SPDX-License-Identifier: Apache-2.0

import ProgramHarness

/// ONNX Runtime or OpenVINO in a Python process, asked to run a network on a number of threads in single precision.
struct EnginePeer {
    let name: String
    private let peer: PythonPeer

    init(_ name: String, python: String, network: String, input: [Float], shape: [Int], threads: Int) throws {
        self.name = name
        let script: String
        switch name {
        case "onnxruntime": script = Self.onnxRuntime
        case "openvino": script = Self.openVINO
        default: throw HarnessError("“\(name)” is no peer; there are onnxruntime and openvino")
        }
        peer = try PythonPeer(python: python, script: script + Self.loop) { folder in
            [
                network, try PythonPeer.write(input, "input.f32", in: folder), folder.path,
                shape.map(String.init).joined(separator: ","), String(threads),
            ]
        }
    }

    /// The time of a run right after another.
    func time() throws -> Duration {
        guard let seconds = Double(try peer.ask("time")) else { throw HarnessError("\(name) answered no time") }
        return .seconds(seconds)
    }

    /// The values of every output, in the network's order.
    func outputs() throws -> [[Float]] {
        let count = Int(try peer.ask("outputs")) ?? 0
        return try (0..<count).map { try peer.numbers("output-\($0).f32") }
    }

    func stop() { peer.stop() }

    private static let onnxRuntime = """
        import sys, time
        import numpy, onnxruntime
        network, input_file, folder, shape, threads = sys.argv[1:]
        values = numpy.fromfile(input_file, numpy.float32).reshape([int(size) for size in shape.split(",")])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = int(threads), 1
        # Its threads must not keep a core busy while another engine is timed.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        feed = {session.get_inputs()[0].name: values}
        def run():
            return session.run(None, feed)

        """

    private static let openVINO = """
        import sys, time
        import numpy, openvino
        network, input_file, folder, shape, threads = sys.argv[1:]
        shape = [int(size) for size in shape.split(",")]
        values = numpy.fromfile(input_file, numpy.float32).reshape(shape)
        core = openvino.Core()
        model = core.read_model(network)
        model.reshape(shape)
        # The default precision on processors that have bfloat16 is that.
        compiled = core.compile_model(model, "CPU", {
            "INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": int(threads), "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY"})
        request = compiled.create_infer_request()
        request.set_input_tensor(openvino.Tensor(values))
        def run():
            request.infer()
            return [request.get_output_tensor(index).data for index in range(len(compiled.outputs))]

        """

    private static let loop = """
        for line in sys.stdin:
            if line.strip() == "time":
                run()
                start = time.perf_counter()
                run()
                print(time.perf_counter() - start, flush=True)
            else:
                outputs = run()
                for index, output in enumerate(outputs):
                    output.astype(numpy.float32).tofile(f"{folder}/output-{index}.f32")
                print(len(outputs), flush=True)
        """
}
