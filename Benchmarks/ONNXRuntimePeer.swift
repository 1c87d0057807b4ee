import Foundation
import ProgramHarness

/// ONNX Runtime in a Python process, asked over pipes to run a network on one thread.
final class ONNXRuntimePeer {
    private let program: RunningProgram
    private let requests: FileHandle
    private let replies: FileHandle
    private let folder: TemporaryFolder

    init(python: String, network: String, input: [Float]) throws {
        folder = try TemporaryFolder()
        let inputFile = folder.appending("input.f32")
        try input.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: inputFile)) }
        let script = folder.appending("peer.py")
        try Self.script.write(toFile: script, atomically: true, encoding: .utf8)
        program = try RunningProgram(python, [script, network, inputFile, folder.path], input: .pipe, output: .pipe)
        guard let requests = program.input, let replies = program.output else { throw HarnessError("\(python) has no pipes") }
        self.requests = requests
        self.replies = replies
    }

    /// The time of each of `runs` runs.
    func time(runs: Int) throws -> [Duration] {
        try ask("time \(runs)").split(separator: " ").compactMap { Double($0).map { .seconds($0) } }
    }

    /// The values of every output, in the network's order.
    func outputs() throws -> [[Float]] {
        let count = Int(try ask("outputs")) ?? 0
        return try (0..<count).map { index in
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.appending("output-\(index).f32")))
            return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        }
    }

    func stop() {
        try? requests.close()
        if program.status(within: .seconds(30)) == nil { try? program.kill() }
    }

    private func ask(_ question: String) throws -> String {
        try requests.write(contentsOf: Data((question + "\n").utf8))
        var line = Data()
        while true {
            guard let byte = try replies.read(upToCount: 1), let value = byte.first else {
                throw HarnessError("ONNX Runtime's process ended; its complaint is above")
            }
            if value == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(value)
        }
    }

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
