// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Recognition
import Wording

/// Everything that determines a training run: data, network, stages, and what the package is called.
///
/// As text it is TOML: the sections `package`, `run`, `data`, `network`, and either one each of `loss`, `optimizer`,
/// `schedule`, `batch`, `training` and `augmentation`, or a list `[[stages]]` whose members override these.
public struct Recipe: Sendable, Hashable {
    public var package: PackageRecipe
    public var run: RunRecipe
    public var data: DataRecipe
    public var network: NetworkRecipe
    /// One after another on the same network; never empty.
    public var stages: [StageRecipe]

    /// - Throws: ``RecipeError/contradiction(reason:)``.
    public init(
        package: PackageRecipe, run: RunRecipe, data: DataRecipe, network: NetworkRecipe, stages: [StageRecipe]
    ) throws(RecipeError) {
        self.package = package
        self.run = run
        self.data = data
        self.network = network
        self.stages = stages
        try validate()
    }

    /// The largest recipe that is read.
    static let maximumBytes = 1 << 20
    static let maximumStages = 32

    /// Reads a recipe; paths in it that are relative are taken from the file's folder.
    public static func read(_ path: String) throws(RecipeError) -> Recipe {
        let text: String
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            let bytes = try file.read(upToCount: maximumBytes + 1) ?? Data()
            guard bytes.count <= maximumBytes else { throw RecipeError.tooLarge(path: path, limit: maximumBytes) }
            guard let decoded = String(validating: bytes, as: UTF8.self) else {
                throw RecipeError.unreadable(path: path, reason: "it is not UTF-8 text")
            }
            text = decoded
        } catch let error as RecipeError {
            throw error
        } catch {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw .unreadable(path: path, reason: isThere ? SystemReason.of(error) : "there is no such file")
        }
        var recipe = try Recipe(parsing: text)
        recipe.resolvePaths(from: URL(fileURLWithPath: path).deletingLastPathComponent().path)
        return recipe
    }

    /// Reads the text of a recipe.
    public init(parsing text: String) throws(RecipeError) {
        let top = try RecipeTable.parsing(text, atMost: Self.maximumBytes)
        try top.requireKeys(["package", "run", "data", "network", "stages"] + StageRecipe.sections)
        package = try PackageRecipe(top.table("package"))
        let runTable = try top.tableOrEmpty("run")
        try runTable.requireKeys(RunRecipe.keys)
        run = try RunRecipe(runTable)
        data = try DataRecipe(top.table("data"))
        network = try NetworkRecipe(top.table("network"))
        try top.tableOrEmpty("training").requireKeys(TrainingRecipe.keys)
        stages = []
        if top.has("stages") {
            for stage in try top.tables("stages", atMost: Self.maximumStages) {
                stages.append(try StageRecipe(stage, top: top))
            }
        } else {
            stages = [try StageRecipe(top: top)]
        }
        try validate()
    }

    /// The recipe as TOML that reads back as this value; equal recipes are equal texts.
    public var tomlText: String {
        var text = RecipeText()
        text.section("package", package.entries)
        text.section("run", run.entries)
        data.write(to: &text)
        text.section("network", network.entries)
        for stage in stages { stage.write(to: &text) }
        return text.text
    }

    /// SHA-256 of ``tomlText``, in hexadecimal digits: what a checkpoint belongs to.
    public var digest: String { HexadecimalText.of(SHA256.hash(data: Array(tomlText.utf8))) }

    /// Makes relative paths absolute.
    public mutating func resolvePaths(from folder: String) {
        func resolved(_ path: String) -> String {
            URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder, isDirectory: true)).standardizedFileURL
                .path
        }
        data.faces = data.faces.map(resolved)
        for index in data.sources.indices {
            switch data.sources[index].origin {
            case .folder(let path, let grouped):
                data.sources[index].origin = .folder(path: resolved(path), grouped: grouped)
            case .pairs(let path): data.sources[index].origin = .pairs(path: resolved(path))
            case .pens(let path, let drawings, let seed):
                data.sources[index].origin = .pens(path: resolved(path), drawings: drawings, seed: seed)
            case .synthetic: break
            }
        }
        if case .onnx(let path) = network { network = .onnx(path: resolved(path)) }
    }
}
