import StrictTOML

extension Calibration {
    /// More operating points than anyone measures are a mistake.
    private static let maximumOperatingPoints = 32

    /// Reads the `[calibration]` table of a manifest.
    init(_ table: ManifestTable) throws(ModelPackageError) {
        try table.requireKeys(["a", "d0", "set", "genuine", "impostor", "operating_points"])
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
        do {
            try self.init(
                a: table.number("a", in: 0...1e9), d0: table.number("d0", in: -1e9...1e9), operatingPoints: points,
                set: table.string("set"), genuineCount: table.integer("genuine", in: counts),
                impostorCount: table.integer("impostor", in: counts))
        } catch let error as ModelPackageError {
            throw error
        } catch {
            throw .contradiction(reason: "\(error)")
        }
    }

    /// As TOML text: the `[calibration]` table, and one `[[calibration.operating_points]]` for each point.
    var tomlText: String {
        let head = ManifestSection("calibration", [
            "a": .number(a), "d0": .number(d0), "set": .string(set),
            "genuine": .integer(genuineCount), "impostor": .integer(impostorCount),
        ])
        let points = operatingPoints.map { point in
            ManifestSection("[calibration.operating_points]", [
                "false_match_rate": .number(point.falseMatchRate), "threshold": .number(point.threshold),
                "upper_bound": .number(point.upperBound),
                "skilled_false_match_rate": point.skilledFalseMatchRate.map(TOMLItem.number),
            ])
        }
        return ([head] + points).map(\.tomlText).joined()
    }
}
