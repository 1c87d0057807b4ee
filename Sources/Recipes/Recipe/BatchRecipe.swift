// SPDX-License-Identifier: Apache-2.0

import Recognition

/// What one step looks at.
public enum BatchRecipe: Sendable, Hashable {
    /// So many pairs: a share of genuine ones and a share of skilled forgeries; the rest are of two identities.
    case pairs(count: Int, genuine: Double, forgery: Double)
    /// So many pairs of a CSV file, each once an epoch, in random order.
    case listedPairs(count: Int)
    /// So many identities, with so many samples and forgeries of each: all of one group, such as an alphabet, if asked
    /// for, or so many of each source, which are compared among themselves.
    case episodes(identities: Int, samples: Int, forgeries: Int, withinGroup: Bool = false, eachSource: Bool = false)

    enum Kind: String, CaseIterable {
        case pairs, episodes
        case listedPairs = "listed-pairs"
    }

    init(_ table: RecipeTable) throws(RecipeError) {
        switch try table.choice("kind", of: Kind.self) {
        case .pairs:
            try table.requireKeys(["kind", "pairs", "genuine", "forgery"])
            let genuine = try table.number("genuine", in: 0...1, default: 0.5)
            let forgery = try table.number("forgery", in: 0...1, default: 0.25)
            guard genuine + forgery <= 1 else {
                throw .contradiction(
                    reason:
                        "\(table.full("genuine")) and \(table.full("forgery")) are shares of one batch, and together more than 1"
                )
            }
            self = .pairs(count: try table.integer("pairs", in: 1...4096), genuine: genuine, forgery: forgery)
        case .listedPairs:
            try table.requireKeys(["kind", "pairs"])
            self = .listedPairs(count: try table.integer("pairs", in: 1...4096))
        case .episodes:
            try table.requireKeys(["kind", "identities", "samples", "forgeries", "within_group", "each_source"])
            let withinGroup = try table.boolean("within_group", default: false),
                eachSource = try table.boolean("each_source", default: false)
            guard !withinGroup || !eachSource else {
                throw .contradiction(
                    reason:
                        "\(table.full("within_group")) and \(table.full("each_source")) are two ways to choose an episode's identities; set one"
                )
            }
            self = .episodes(
                identities: try table.integer("identities", in: 2...4096),
                samples: try table.integer("samples", in: 1...256),
                forgeries: try table.integer("forgeries", in: 0...256, default: 0), withinGroup: withinGroup,
                eachSource: eachSource)
        }
    }

    var entries: [RecipeText.Entry] {
        switch self {
        case .pairs(let count, let genuine, let forgery):
            [
                ("kind", .string(Kind.pairs.rawValue)), ("pairs", .integer(count)), ("genuine", .number(genuine)),
                ("forgery", .number(forgery)),
            ]
        case .listedPairs(let count): [("kind", .string(Kind.listedPairs.rawValue)), ("pairs", .integer(count))]
        case .episodes(let identities, let samples, let forgeries, let withinGroup, let eachSource):
            [
                ("kind", .string(Kind.episodes.rawValue)), ("identities", .integer(identities)),
                ("samples", .integer(samples)),
                ("forgeries", .integer(forgeries)), ("within_group", .boolean(withinGroup)),
                ("each_source", .boolean(eachSource)),
            ]
        }
    }
}
