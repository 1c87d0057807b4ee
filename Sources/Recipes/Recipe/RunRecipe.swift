// SPDX-License-Identifier: Apache-2.0

import StrictTOML

/// What holds for the whole run.
public struct RunRecipe: Sendable, Hashable {
    /// Everything random follows from it.
    public var seed: Int
    /// Threads that compute; nil takes one a core. Another number gives other last digits.
    public var threads: Int?
    /// The share of the evaluated identities that no step sees: for early stopping and for the calibration.
    public var heldOut: Double
    /// Into how many parts cross-validation splits the evaluated identities.
    public var folds: Int?
    /// What a part of cross-validation is, where it is not a share of all evaluated identities.
    public var leaveOut: LeftOut?

    /// What a part of cross-validation leaves out, `run.leave_out`.
    public enum LeftOut: String, Sendable, Hashable, CaseIterable {
        /// One evaluated source after another: how a network does on a set that it has never seen.
        case sources
    }

    public init(seed: Int = 1, threads: Int? = nil, heldOut: Double = 0.2, folds: Int? = nil, leaveOut: LeftOut? = nil)
    {
        self.seed = seed
        self.threads = threads
        self.heldOut = heldOut
        self.folds = folds
        self.leaveOut = leaveOut
    }

    static let keys = ["seed", "threads", "held_out", "folds", "leave_out"]

    init(_ table: RecipeTable) throws(RecipeError) {
        seed = try table.integer("seed", in: 0...Int.max, default: 1)
        threads = try table.optionalInteger("threads", in: 1...256)
        heldOut = try table.number("held_out", in: 0...0.9, default: 0.2)
        folds = try table.optionalInteger("folds", in: 2...100)
        leaveOut = table.has("leave_out") ? try table.choice("leave_out", of: LeftOut.self) : nil
    }

    var entries: [RecipeText.Entry] {
        [
            ("seed", .integer(seed)), ("threads", threads.map(TOMLItem.integer)), ("held_out", .number(heldOut)),
            ("folds", folds.map(TOMLItem.integer)), ("leave_out", (leaveOut?.rawValue).map(TOMLItem.string)),
        ]
    }
}
