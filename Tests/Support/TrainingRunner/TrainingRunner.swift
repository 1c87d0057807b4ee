// SPDX-License-Identifier: Apache-2.0

import Foundation
import Recipes

/// Follows a recipe in a folder, goes on with it if it was begun, and prints a line after each step. Tests kill it.
@main
enum TrainingRunner {
    static func main() throws {
        let arguments = CommandLine.arguments
        let recipe = try Recipe.read(arguments[1]), path = arguments[2]
        let isBegun = FileManager.default.fileExists(atPath: path + "/recipe.toml")
        let folder = try isBegun ? RunFolder.open(path, recipe: recipe).folder : RunFolder.create(path, recipe: recipe)
        _ = try RecipeRun.run(recipe, in: folder, decoding: .local, resuming: isBegun) { event in
            guard case .step(let progress) = event else { return }
            FileHandle.standardOutput.write(Data("\(progress.step)\n".utf8))
        }
    }
}
