// SPDX-License-Identifier: Apache-2.0

/// What a caller wants otherwise than a recipe says; nil leaves it.
public struct RecipeOverrides: Sendable, Hashable {
    public var epochs: Int?
    public var steps: Int?
    public var learningRate: Double?
    public var seed: Int?
    public var threads: Int?
    /// Parts of the identities, whatever the recipe leaves out.
    public var folds: Int?
    /// What parts leave out, in place of the recipe's number of parts.
    public var leaveOut: RunRecipe.LeftOut?
    public var name: String?

    public init(
        epochs: Int? = nil, steps: Int? = nil, learningRate: Double? = nil, seed: Int? = nil, threads: Int? = nil,
        folds: Int? = nil,
        leaveOut: RunRecipe.LeftOut? = nil, name: String? = nil
    ) {
        self.epochs = epochs
        self.steps = steps
        self.learningRate = learningRate
        self.seed = seed
        self.threads = threads
        self.folds = folds
        self.leaveOut = leaveOut
        self.name = name
    }

    /// The recipe with these in place of its own.
    ///
    /// - Throws: ``RecipeError`` as if the recipe's text had said so.
    public func applied(to recipe: Recipe) throws(RecipeError) -> Recipe {
        var recipe = recipe
        for index in recipe.stages.indices {
            if let epochs { recipe.stages[index].training.epochs = epochs }
            if let steps { recipe.stages[index].training.stepsPerEpoch = steps }
            if let learningRate { recipe.stages[index].schedule.learningRate = learningRate }
        }
        if let seed { recipe.run.seed = seed }
        if let threads { recipe.run.threads = threads }
        if folds != nil || leaveOut != nil { (recipe.run.folds, recipe.run.leaveOut) = (folds, leaveOut) }
        if let name { recipe.package.name = name }
        // Ranges are checked where texts are read.
        return try Recipe(parsing: recipe.tomlText)
    }
}
