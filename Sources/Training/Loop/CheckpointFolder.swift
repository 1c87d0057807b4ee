// SPDX-License-Identifier: Apache-2.0

import Foundation
import Wording

/// The checkpoints of one run: the last two, and the best weights of the stage.
public struct CheckpointFolder: Sendable {
    public let path: String

    private static let suffix = ".checkpoint"
    private static let bestName = "best" + suffix
    private static let kept = 2

    /// - Parameter path: is made when the first checkpoint is written.
    public init(path: String) {
        self.path = path
    }

    /// Writes one, and removes all but the last two.
    /// - Returns: the checkpoint's path.
    @discardableResult
    public func save(_ checkpoint: Checkpoint) throws(AtomicFile.Failure) -> String {
        try make()
        let file = path + "/" + Self.name(stage: checkpoint.state.stage, step: checkpoint.state.step)
        try checkpoint.write(to: file)
        for old in names().dropLast(Self.kept) { unlink(path + "/" + old) }
        return file
    }

    public func saveBest(_ checkpoint: Checkpoint) throws(AtomicFile.Failure) {
        try make()
        try checkpoint.write(to: bestPath)
    }

    public var bestPath: String { path + "/" + Self.bestName }

    /// The path of the newest checkpoint.
    public var latestPath: String? { names().last.map { path + "/" + $0 } }

    /// Reads the newest checkpoint, if it is of this run.
    ///
    /// - Throws: ``CheckpointError``; a damaged checkpoint is not passed over silently, because what was done since the
    ///   one before it would be done again.
    public func latest(recipe: String, data: String) throws(CheckpointError) -> Checkpoint {
        guard let latestPath else { throw .none(folder: path) }
        let checkpoint = try Checkpoint.read(latestPath)
        try Self.check(checkpoint.state, recipe: recipe, data: data, path: latestPath)
        return checkpoint
    }

    /// Reads the best weights, if they are of this run.
    public func best(recipe: String, data: String) throws(CheckpointError) -> Checkpoint {
        let checkpoint = try Checkpoint.read(bestPath)
        try Self.check(checkpoint.state, recipe: recipe, data: data, path: bestPath)
        return checkpoint
    }

    private static func check(
        _ state: Checkpoint.State, recipe: String, data: String, path: String
    ) throws(CheckpointError) {
        guard state.recipe == recipe else { throw .otherRun(path: path, reason: "it was made by another recipe") }
        guard state.data == data else { throw .otherRun(path: path, reason: "the images have changed since") }
    }

    /// In the order of the alphabet, which is that of time.
    private static func name(stage: Int, step: Int) -> String {
        func digits(_ number: Int, _ count: Int) -> String {
            let text = "\(number)"
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return "stage-\(digits(stage + 1, 2))-step-\(digits(step, 9))" + suffix
    }

    private func names() -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return all.filter { $0.hasSuffix(Self.suffix) && $0 != Self.bestName }.sorted()
    }

    private func make() throws(AtomicFile.Failure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw AtomicFile.Failure(path: path, reason: SystemReason.of(error))
        }
    }
}
