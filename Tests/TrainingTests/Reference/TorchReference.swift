// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Synchronization

/// What PyTorch answers to a case.
struct TorchAnswer: Sendable {
    /// By name; a function's only output is called as the function says.
    let outputs: [String: TorchTensor]
    /// Of the first output, by the name of the tensor.
    let gradients: [String: TorchTensor]
}

/// One process of Python for all tests, since PyTorch takes seconds to load. It ends when its standard input does.
final class TorchReference: Sendable {
    static let isPresent = PythonReference.isPresent

    /// Answers cases, in their order. Throws what PyTorch had against one.
    static func answers(_ cases: [TorchCase]) throws -> [TorchAnswer] { try shared.get().ask(cases) }

    private static let shared = Result { try TorchReference() }
    private static let patience = Duration.seconds(300)

    private let program: RunningProgram
    /// One question at a time.
    private let turn = Mutex<Void>(())

    private init() throws {
        // That it has ended is to be an error of the test, not the end of the tests.
        signal(SIGPIPE, SIG_IGN)
        program = try PythonReference.start("torch_reference")
    }

    private func ask(_ cases: [TorchCase]) throws -> [TorchAnswer] {
        let temporary = try TemporaryFolder(), folder = URL(filePath: temporary.path)
        defer { withExtendedLifetime(temporary) {} }
        var values = Data()
        let questions = cases.map { Question($0, into: &values) }
        try JSONEncoder().encode(questions).write(to: folder.appending(path: "cases.json"))
        try values.write(to: folder.appending(path: "values.bin"))
        try turn.withLock { _ in
            guard let input = program.input, let output = program.output else {
                throw HarnessError("Python has no pipes")
            }
            try input.write(contentsOf: Data((folder.path + "\n").utf8))
            var reply = Data()
            while reply.last != UInt8(ascii: "\n"), case let part = output.availableData, !part.isEmpty {
                reply.append(part)
            }
            guard String(decoding: reply, as: UTF8.self) == "done\n" else {
                throw HarnessError(
                    "torch_reference ended, saying “\(String(decoding: reply, as: UTF8.self))”; more is on standard error"
                )
            }
        }
        let answered = try Data(contentsOf: folder.appending(path: "answers.bin"))
        let entries = try JSONDecoder().decode(
            [Entry].self, from: Data(contentsOf: folder.appending(path: "answers.json")))
        return try zip(cases, entries).map { question, entry in
            if let error = entry.error { throw HarnessError("\(question.function) \(question.attributes): \(error)") }
            return TorchAnswer(
                outputs: Position.tensors(entry.outputs ?? [], from: answered),
                gradients: Position.tensors(entry.gradients ?? [], from: answered))
        }
    }

    /// A tensor by its place in the file of values.
    private struct Position: Codable {
        let name: String
        let shape: [Int]
        let position: Int

        init(_ name: String, _ tensor: TorchTensor, into values: inout Data) {
            self.name = name
            shape = tensor.shape
            position = values.count / MemoryLayout<Float>.size
            tensor.values.withUnsafeBytes { values.append(contentsOf: $0) }
        }

        static func tensors(_ positions: [Position], from data: Data) -> [String: TorchTensor] {
            Dictionary(
                uniqueKeysWithValues: positions.map { position in
                    let size = MemoryLayout<Float>.size, count = position.shape.reduce(1, *)
                    let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
                        let first = data.startIndex + position.position * size
                        initialized = data.copyBytes(to: buffer, from: first..<first + count * size) / size
                    }
                    return (position.name, TorchTensor(position.shape, values))
                })
        }
    }

    private struct Question: Encodable {
        let function: String
        let attributes: [String: TorchAttribute]
        let precision: TorchCase.Precision
        let tensors: [Position]
        let outputGradient: Position?

        init(_ each: TorchCase, into values: inout Data) {
            function = each.function
            attributes = each.attributes
            precision = each.precision
            tensors = each.tensors.map { Position($0.name, $0.tensor, into: &values) }
            outputGradient = each.outputGradient.map { Position("", $0, into: &values) }
        }
    }

    private struct Entry: Decodable {
        let outputs: [Position]?
        let gradients: [Position]?
        let error: String?
    }
}
