// SPDX-License-Identifier: Apache-2.0

import Foundation
import Training
import Wording

/// The folder of one run: its recipe, its checkpoints and what came of it. One process at a time works on it.
public final class RunFolder: Sendable {
    public let path: String
    public var checkpoints: CheckpointFolder { CheckpointFolder(path: path + "/checkpoints") }
    public var packagePath: String { path + "/package" }
    private let lock: Int32
    /// Whether this process began the run, and made the folder.
    private let origin: Origin

    private enum Origin {
        case found
        case begun
        case made
    }

    private static let lockName = ".lock"
    static let recipeName = "recipe.toml"
    static let stepsName = "steps.csv"
    static let metricsName = "metrics.csv"
    static let timingName = "timing.csv"

    private init(path: String, lock: Int32, origin: Origin) {
        self.path = path
        self.lock = lock
        self.origin = origin
    }

    deinit { close(lock) }

    /// Makes the folder of a run that begins, with its recipe in it.
    ///
    /// - Throws: ``RunError/folderExists(path:)`` when a run is there, ``RunError/folderInUse(path:)`` when something
    ///   else is; an empty folder is taken, and so is that of a run that ended before it had written more than its
    ///   recipe.
    public static func create(_ path: String, recipe: Recipe) throws(RunError) -> RunFolder {
        let manager = FileManager.default
        let isThere = manager.fileExists(atPath: path)
        if isThere {
            guard let contents = try? manager.contentsOfDirectory(atPath: path) else { throw .folderInUse(path: path) }
            guard contents.allSatisfy({ [lockName, recipeName].contains($0) }) else {
                throw contents.contains(recipeName) ? .folderExists(path: path) : .folderInUse(path: path)
            }
        }
        do {
            try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: path, reason: SystemReason.of(error))
        }
        let folder = RunFolder(path: path, lock: try lock(path), origin: isThere ? .begun : .made)
        try folder.write(Array(recipe.tomlText.utf8), to: recipeName)
        return folder
    }

    /// Opens the folder of a run to go on with it.
    ///
    /// - Parameter recipe: what the run is to be; nil takes the folder's own.
    /// - Returns: the folder, and the recipe that the run began with.
    public static func open(_ path: String, recipe: Recipe?) throws -> (folder: RunFolder, recipe: Recipe) {
        let file = path + "/" + recipeName
        guard FileManager.default.fileExists(atPath: file) else { throw RunError.noRun(path: path) }
        let folder = RunFolder(path: path, lock: try lock(path), origin: .found)
        let begun = try Recipe.read(file)
        if var recipe {
            if recipe.run.threads == nil { recipe.run.threads = begun.run.threads }
            if let difference = firstDifference(begun.tomlText, recipe.tomlText) {
                throw RunError.otherRecipe(path: path, difference: difference)
            }
        }
        return (folder, begun)
    }

    /// Takes away a run that this process began and that came to nothing, so that it can be begun again; one that was
    /// there before stays.
    public func discard() {
        let manager = FileManager.default
        switch origin {
        case .found: return
        case .made: try? manager.removeItem(atPath: path)
        case .begun:
            // The folder was empty but for what a run begins with.
            for name in (try? manager.contentsOfDirectory(atPath: path)) ?? [] where name != Self.lockName {
                try? manager.removeItem(atPath: path + "/" + name)
            }
        }
    }

    /// Goes on with the run in a folder, or begins it where there is none.
    static func openOrCreate(_ path: String, recipe: Recipe) throws -> RunFolder {
        FileManager.default.fileExists(atPath: path + "/" + recipeName)
            ? try open(path, recipe: recipe).folder : try create(path, recipe: recipe)
    }

    /// Puts a file in the folder, in one step.
    func write(_ bytes: [UInt8], to name: String) throws(RunError) {
        do {
            try AtomicFile.write(bytes, to: path + "/" + name)
        } catch {
            throw .unwritable(path: error.path, reason: error.reason)
        }
    }

    private static func lock(_ path: String) throws(RunError) -> Int32 {
        let file = path + "/" + lockName
        let descriptor = Foundation.open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unwritable(path: file, reason: String(cString: strerror(errno))) }
        // The kernel releases it however the process ends.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(path: path)
        }
        return descriptor
    }

    private static func firstDifference(_ begun: String, _ now: String) -> String? {
        guard begun != now else { return nil }
        let lines = begun.split(separator: "\n"), others = now.split(separator: "\n")
        for (line, other) in zip(lines, others) where line != other { return "“\(line)” is now “\(other)”" }
        return lines.count > others.count
            ? "“\(lines[others.count])” is missing now" : "“\(others[lines.count])” is there now"
    }
}
