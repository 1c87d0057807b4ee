// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet

/// A network in ONNX, with the data that lie in files beside it.
public enum NetworkFile {
    /// The bytes of one file that holds all of the network.
    ///
    /// - Throws: `CommandFailure` that names the file, when it cannot be read or the engine refuses the network.
    public static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        let bytes = try InputFile.read(path, as: .network)
        let folder = path == InputFile.standardInput ? nil : (path as NSString).deletingLastPathComponent
        let external = folder.map { ExternalTensorData(besideModelIn: $0.isEmpty ? "." : $0) }
        do throws(NetworkError) {
            let graph = try Graph(onnx: bytes, external: external)
            _ = try Network(graph: graph)
            return external?.isUsed ?? false ? try graph.onnxBytes() : bytes
        } catch {
            throw CommandFailure(
                .configuration, name: "ModelRefused",
                message: "\(EscapedBytes.printable(path)): the network is refused: \(error)")
        }
    }
}
