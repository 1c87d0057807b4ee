/// What a caller wants otherwise than a recipe says; nil leaves it.
public struct RecipeOverrides: Sendable, Hashable {
    public var epochs: Int?
    public var steps: Int?
    public var learningRate: Double?
    public var seed: Int?
    public var threads: Int?
    public var folds: Int?
    public var name: String?

    public init(
        epochs: Int? = nil, steps: Int? = nil, learningRate: Double? = nil, seed: Int? = nil, threads: Int? = nil, folds: Int? = nil,
        name: String? = nil
    ) {
        self.epochs = epochs
        self.steps = steps
        self.learningRate = learningRate
        self.seed = seed
        self.threads = threads
        self.folds = folds
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
        if let folds { recipe.run.folds = folds }
        if let name { recipe.package.name = name }
        // Ranges are checked where texts are read.
        return try Recipe(parsing: recipe.tomlText)
    }
}
