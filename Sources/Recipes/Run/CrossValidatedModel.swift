import Foundation
import Recognition
import Wording

/// The networks that a cross-validation leaves behind, each with the identities that it did not see.
///
/// In the run's folder each part has `fold-N/package`, without a calibration, and `fold-N/left-out.txt`, the names of the
/// identities in their own source, one a line.
public struct CrossValidatedModel: Sendable {
    public struct Part: Sendable {
        public let package: ModelPackage
        /// The names of the identities that were left out.
        public let identities: Set<String>
    }

    /// One at least.
    public let parts: [Part]

    /// Whether a folder is that of a cross-validation; its parts may not be trained yet.
    public static func isRun(_ folder: String) -> Bool { FileManager.default.fileExists(atPath: partFolder(1, in: folder)) }

    /// - Throws: ``RunError/unfinished(path:part:)``, ``RunError/unreadable(path:reason:)``, `RecipeError`, or
    ///   `ModelPackageError`.
    public static func load(from run: String) throws -> CrossValidatedModel {
        let recipe = try Recipe.read("\(run)/\(RunFolder.recipeName)")
        guard let count = recipe.run.folds else {
            throw RunError.unreadable(path: run, reason: "its recipe asks for no cross-validation")
        }
        return CrossValidatedModel(parts: try (1...count).map { number in
            let folder = partFolder(number, in: run), list = "\(folder)/\(listName)"
            guard FileManager.default.fileExists(atPath: list) else { throw RunError.unfinished(path: run, part: number) }
            let names: String
            do {
                names = try String(contentsOfFile: list, encoding: .utf8)
            } catch {
                throw RunError.unreadable(path: list, reason: SystemReason.of(error))
            }
            return Part(
                package: try ModelPackage.load(from: "\(folder)/package"), identities: Set(names.split(separator: "\n").map(String.init)))
        })
    }

    static let listName = "left-out.txt"

    static func partFolder(_ number: Int, in run: String) -> String { "\(run)/fold-\(number)" }
}
