// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet

/// A network in ONNX, with the data that lie in files beside it.
public enum NetworkFile {
    /// The bytes of one file that holds all of the network. Whether the engine runs it is not looked at.
    ///
    /// - Throws: `CommandFailure` that names the file, when it cannot be read, or is no network while data lie beside it.
    public static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        let bytes = try InputFile.read(path, as: .network)
        guard mayHaveDataBeside(bytes) else { return bytes }
        let external = external(path)
        return try refusing(path) { () throws(NetworkError) in
            let graph = try Graph(onnx: bytes, external: external)
            return external?.isUsed ?? false ? try graph.onnxBytes() : bytes
        }
    }

    /// The network's graph, and the bytes of its file without those beside it.
    ///
    /// - Throws: `CommandFailure` that names the file, when it cannot be read or is no network.
    public static func graph(_ path: String) throws(CommandFailure) -> (graph: Graph, bytes: Int) {
        let bytes = try InputFile.read(path, as: .network)
        let external = external(path)
        return try refusing(path) { () throws(NetworkError) in
            (try Graph(onnx: bytes, external: external), bytes.count)
        }
    }

    private static func external(_ path: String) -> ExternalTensorData? {
        guard path != InputFile.standardInput else { return nil }
        let folder = (path as NSString).deletingLastPathComponent
        return ExternalTensorData(besideModelIn: folder.isEmpty ? "." : folder)
    }

    /// Whether the word stands in the file by which ONNX names a file beside it; a network without it need not be read
    /// twice.
    private static func mayHaveDataBeside(_ bytes: [UInt8]) -> Bool {
        Data(bytes).range(of: Data("location".utf8)) != nil
    }

    private static func refusing<Result>(
        _ path: String, _ body: () throws(NetworkError) -> Result
    ) throws(CommandFailure) -> Result {
        do throws(NetworkError) {
            return try body()
        } catch {
            throw CommandFailure(
                .configuration, name: "ModelRefused",
                message: "\(EscapedBytes.printable(path)): the network is refused: \(error)")
        }
    }
}
