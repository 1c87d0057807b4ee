// SPDX-License-Identifier: Apache-2.0

import Recognition
import StrictTOML
import Training

/// A part of a run with a loss, data and a schedule of its own: first synthetic signatures, then real ones.
public struct StageRecipe: Sendable, Hashable {
    public var name: String
    /// The names of the sources it trains on; nil trains on all.
    public var sources: [String]?
    public var loss: LossRecipe
    public var optimizer: OptimizerRecipe
    public var schedule: ScheduleRecipe
    public var batch: BatchRecipe
    public var training: TrainingRecipe
    public var augmentation: Augmentation

    public init(
        name: String, sources: [String]? = nil, loss: LossRecipe, optimizer: OptimizerRecipe, schedule: ScheduleRecipe,
        batch: BatchRecipe, training: TrainingRecipe, augmentation: Augmentation = Augmentation()
    ) {
        self.name = name
        self.sources = sources
        self.loss = loss
        self.optimizer = optimizer
        self.schedule = schedule
        self.batch = batch
        self.training = training
        self.augmentation = augmentation
    }

    /// The sections that a recipe states for all stages and a stage for itself.
    static let sections = ["loss", "optimiser", "schedule", "batch", "training", "augmentation"]

    /// A stage that a recipe lists: what it leaves out is as at the top.
    init(_ table: RecipeTable, top: RecipeTable) throws(RecipeError) {
        try table.requireKeys(["name", "sources"] + Self.sections)
        name = try table.string("name")
        sources =
            table.has("sources")
            ? try table.strings("sources", atMost: 64, expected: "names of sources, in brackets") : nil
        func section(_ key: String) throws(RecipeError) -> RecipeTable {
            table.has(key) ? try table.table(key) : try top.table(key)
        }
        loss = try LossRecipe(section("loss"))
        optimizer = try OptimizerRecipe(section("optimiser"))
        schedule = try ScheduleRecipe(section("schedule"))
        batch = try BatchRecipe(section("batch"))
        augmentation = try Augmentation(
            recipe: table.has("augmentation") ? table.table("augmentation") : top.tableOrEmpty("augmentation"))
        let above = try top.tableOrEmpty("training")
        let own = try table.tableOrEmpty("training")
        try own.requireKeys(TrainingRecipe.keys)
        // The top need not say how long all stages are when each says so for itself.
        let merged = RecipeTable(name: own.name, values: above.values.merging(own.values) { $1 }, lines: own.lines)
        training = try TrainingRecipe(merged)
    }

    /// The only stage of a recipe that lists none.
    init(top: RecipeTable) throws(RecipeError) {
        name = "training"
        sources = nil
        loss = try LossRecipe(top.table("loss"))
        optimizer = try OptimizerRecipe(top.table("optimiser"))
        schedule = try ScheduleRecipe(top.table("schedule"))
        batch = try BatchRecipe(top.table("batch"))
        augmentation = try Augmentation(recipe: top.tableOrEmpty("augmentation"))
        training = try TrainingRecipe(top.table("training"))
    }

    func write(to text: inout RecipeText) {
        text.section(
            "[stages]",
            [
                ("name", .string(name)), ("sources", sources.map { .array($0.map(TOMLItem.string)) }),
            ])
        text.section("stages.loss", loss.entries)
        text.section("stages.optimiser", optimizer.entries)
        text.section("stages.schedule", schedule.entries)
        text.section("stages.batch", batch.entries)
        text.section("stages.training", training.entries)
        text.section("stages.augmentation", augmentation.recipeEntries)
    }
}
