// SPDX-License-Identifier: Apache-2.0

import StrictTOML

extension Calibration {
    /// More operating points than anyone measures are a mistake.
    private static let maximumOperatingPoints = 32
    /// The most sets whose own figures are stated.
    static let maximumSets = 64

    /// Reads the `[calibration]` table of a manifest.
    init(_ table: ManifestTable) throws(ModelPackageError) {
        try table.requireKeys(["a", "d0", "set", "genuine", "impostor", "operating_points", "sets"])
        let counts = 0...Int.max
        var points: [OperatingPoint] = []
        for row in try table.tables("operating_points", atMost: Self.maximumOperatingPoints) {
            try row.requireKeys(["false_match_rate", "threshold", "upper_bound", "skilled_false_match_rate"])
            points.append(
                OperatingPoint(
                    falseMatchRate: try row.number("false_match_rate", in: 0...1),
                    threshold: try row.number("threshold", in: -1e9...1e9),
                    upperBound: try row.number("upper_bound", in: 0...1),
                    skilledFalseMatchRate: row.has("skilled_false_match_rate")
                        ? try row.number("skilled_false_match_rate", in: 0...1) : nil))
        }
        var sets: [CalibrationSetFigures] = []
        if table.has("sets") {
            for set in try table.tables("sets", atMost: Self.maximumSets) {
                sets.append(try CalibrationSetFigures(set, maximumPoints: Self.maximumOperatingPoints))
            }
        }
        do {
            try self.init(
                a: table.number("a", in: 0...1e9), d0: table.number("d0", in: -1e9...1e9), operatingPoints: points,
                set: table.string("set"), genuineCount: table.integer("genuine", in: counts),
                impostorCount: table.integer("impostor", in: counts), sets: sets)
        } catch let error as ModelPackageError {
            throw error
        } catch {
            throw .contradiction(reason: "\(error)")
        }
    }

    /// As TOML text: the `[calibration]` table, one `[[calibration.operating_points]]` for each point, and one
    /// `[[calibration.sets]]` for each of several sets.
    var tomlText: String {
        let head = ManifestSection(
            "calibration",
            [
                "a": .number(a), "d0": .number(d0), "set": .string(set),
                "genuine": .integer(genuineCount), "impostor": .integer(impostorCount),
            ])
        let points = operatingPoints.map { point in
            ManifestSection(
                "[calibration.operating_points]",
                [
                    "false_match_rate": .number(point.falseMatchRate), "threshold": .number(point.threshold),
                    "upper_bound": .number(point.upperBound),
                    "skilled_false_match_rate": point.skilledFalseMatchRate.map(TOMLItem.number),
                ])
        }
        return ([head] + points + sets.map(\.section)).map(\.tomlText).joined()
    }
}

extension CalibrationSetFigures {
    /// Reads one of `[[calibration.sets]]`.
    init(_ table: ManifestTable, maximumPoints: Int) throws(ModelPackageError) {
        try table.requireKeys(["name", "genuine", "impostor", "skilled", "points"])
        let counts = 0...Int.max, rates = 0.0...1.0
        var points: [Point] = []
        for row in try table.tables("points", atMost: maximumPoints) {
            try row.requireKeys([
                "operating_point", "false_match_rate", "false_non_match_rate", "skilled_false_match_rate",
            ])
            points.append(
                Point(
                    operatingPoint: try row.number("operating_point", in: rates),
                    falseMatchRate: try row.number("false_match_rate", in: rates),
                    falseNonMatchRate: try row.number("false_non_match_rate", in: rates),
                    skilledFalseMatchRate: row.has("skilled_false_match_rate")
                        ? try row.number("skilled_false_match_rate", in: rates) : nil))
        }
        self.init(
            name: try table.string("name"), genuineCount: try table.integer("genuine", in: counts),
            impostorCount: try table.integer("impostor", in: counts),
            skilledCount: try table.integer("skilled", in: counts), points: points)
    }

    var section: ManifestSection {
        ManifestSection(
            "[calibration.sets]",
            [
                "name": .string(name), "genuine": .integer(genuineCount), "impostor": .integer(impostorCount),
                "skilled": .integer(skilledCount),
                "points": .array(
                    points.map { point in
                        var rates: [String: TOMLItem] = [
                            "operating_point": .number(point.operatingPoint),
                            "false_match_rate": .number(point.falseMatchRate),
                            "false_non_match_rate": .number(point.falseNonMatchRate),
                        ]
                        rates["skilled_false_match_rate"] = point.skilledFalseMatchRate.map(TOMLItem.number)
                        return .table(rates)
                    }),
            ])
    }
}
