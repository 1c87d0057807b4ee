// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import Training
import Wording

extension NetworkRecipe {
    /// The largest ONNX file that is read.
    private static let maximumBytes = 512 << 20

    /// The network for training, with its first weights.
    ///
    /// - Throws: `TrainingError` when the architecture does not fit the data, ``RunError`` when the file cannot be read
    ///   or used.
    func graph(width: Int, height: Int, random: inout RandomSource) throws -> Graph {
        switch self {
        case .architecture(let form):
            return try form.description(width: width, height: height).makeGraph(random: &random)
        case .onnx(let path):
            do {
                let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
                defer { try? file.close() }
                let bytes = try file.read(upToCount: Self.maximumBytes + 1) ?? Data()
                guard bytes.count <= Self.maximumBytes else {
                    throw RunError.unreadable(path: path, reason: "it has more than \(Self.maximumBytes) bytes")
                }
                return try Graph(onnx: Array(bytes))
            } catch let error as NetworkError {
                throw RunError.unreadable(path: path, reason: "\(error)")
            } catch let error as RunError {
                throw error
            } catch {
                throw RunError.unreadable(path: path, reason: SystemReason.of(error))
            }
        }
    }
}
