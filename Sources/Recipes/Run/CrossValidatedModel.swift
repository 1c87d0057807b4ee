// SPDX-License-Identifier: Apache-2.0

import Foundation
import Recognition
import Wording

/// The networks that a cross-validation leaves behind, each with the identities that it did not see.
///
/// In the run's folder each part has `fold-N/package`, without a calibration, and `fold-N/left-out.txt`, the names of
/// the identities that it left out, one a line: with `source/` before each where the recipe evaluates several sources,
/// since two may call different people the same, and as the one source calls them otherwise.
public struct CrossValidatedModel: Sendable {
    public struct Part: Sendable {
        public let package: ModelPackage
        /// The lines of the list of who was left out.
        public let identities: Set<String>
        /// Those that name no source: all, unless several are evaluated.
        private let unplaced: Set<String>

        init(package: ModelPackage, identities: Set<String>, sources: [Source]) {
            self.package = package
            self.identities = identities
            // Runs of before named a source only where it was needed.
            unplaced =
                sources.count > 1
                ? identities.filter { line in !sources.contains { line.hasPrefix("\($0.name)/") } } : identities
        }

        /// Whether an identity was left out.
        ///
        /// - Parameter source: the source that it is of; nil where that is not known.
        public func leavesOut(_ identity: String, of source: String?) -> Bool {
            unplaced.contains(identity) || (source.map { identities.contains("\($0)/\(identity)") } ?? false)
        }
    }

    /// An evaluated source of the recipe.
    public struct Source: Sendable, Hashable {
        public let name: String
        /// Where its images were when the run began.
        public let path: String?
    }

    /// One at least.
    public let parts: [Part]
    /// One at least.
    public let sources: [Source]

    /// Which source a folder of identities is: the one of the same path or else of the same name; nil when it is none.
    public func source(folder: String, name: String) -> String? {
        func resolved(_ path: String) -> String {
            URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
        }
        let own = resolved(folder)
        return (sources.first { $0.path.map(resolved) == own } ?? sources.first { $0.name == name })?.name
    }

    /// Whether a folder is that of a cross-validation; its parts may not be trained yet.
    public static func isRun(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: partFolder(1, in: folder))
    }

    /// - Throws: ``RunError/unfinished(path:part:)``, ``RunError/unreadable(path:reason:)``, `RecipeError`, or
    ///   `ModelPackageError`.
    public static func load(from run: String) throws -> CrossValidatedModel {
        let recipe = try Recipe.read("\(run)/\(RunFolder.recipeName)")
        guard let count = recipe.partCount else {
            throw RunError.unreadable(path: run, reason: "its recipe asks for no cross-validation")
        }
        let sources = recipe.data.sources.filter(\.isEvaluated).map { source in
            if case .folder(let path, _) = source.origin {
                Source(name: source.name, path: path)
            } else {
                Source(name: source.name, path: nil)
            }
        }
        let parts = try (1...count).map { number in
            let folder = partFolder(number, in: run), list = "\(folder)/\(listName)"
            guard FileManager.default.fileExists(atPath: list) else {
                throw RunError.unfinished(path: run, part: number)
            }
            let names: String
            do {
                names = try String(contentsOfFile: list, encoding: .utf8)
            } catch {
                throw RunError.unreadable(path: list, reason: SystemReason.of(error))
            }
            return Part(
                package: try ModelPackage.load(from: "\(folder)/package"),
                identities: Set(names.split(separator: "\n").map(String.init)),
                sources: sources)
        }
        return CrossValidatedModel(parts: parts, sources: sources)
    }

    static let listName = "left-out.txt"

    static func partFolder(_ number: Int, in run: String) -> String { "\(run)/fold-\(number)" }
}

extension Recipe {
    /// What identities that a part left out are called in its list.
    func listNames(of identities: [String]) -> [String] {
        guard evaluatedSources.count == 1, data.sources.count > 1, let source = evaluatedSources.first else {
            return identities
        }
        // With several sources, a name begins with its own.
        return identities.map { $0.hasPrefix("\(source)/") ? String($0.dropFirst(source.count + 1)) : $0 }
    }
}
