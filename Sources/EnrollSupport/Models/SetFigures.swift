// SPDX-License-Identifier: Apache-2.0

import Recognition
import Wording

/// What a calibration that was measured on several sets does on one of them.
///
/// As JSON: `name`; `genuine`, `impostor` and `skilled`, how many distances there were; `points`, for each operating
/// point of the calibration its rate as `operating_point`, and the set's own `false_match_rate`, `false_non_match_rate`
/// and `skilled_false_match_rate` (null without forgeries), each the largest over the numbers of samples of a
/// reference.
public struct SetFigures: Sendable, Encodable {
    public struct Point: Sendable, Encodable {
        public let operatingPoint: Double
        public let falseMatchRate: Double
        public let falseNonMatchRate: Double
        public let skilledFalseMatchRate: Double?

        private enum CodingKeys: String, CodingKey {
            case operatingPoint = "operating_point", falseMatchRate = "false_match_rate", falseNonMatchRate =
                "false_non_match_rate"
            case skilledFalseMatchRate = "skilled_false_match_rate"
        }
    }

    public let name: String
    public let genuine: Int
    public let impostor: Int
    public let skilled: Int
    public let points: [Point]

    init(_ figures: CalibrationSetFigures) {
        name = figures.name
        genuine = figures.genuineCount
        impostor = figures.impostorCount
        skilled = figures.skilledCount
        points = figures.points.map {
            Point(
                operatingPoint: $0.operatingPoint, falseMatchRate: $0.falseMatchRate,
                falseNonMatchRate: $0.falseNonMatchRate,
                skilledFalseMatchRate: $0.skilledFalseMatchRate)
        }
    }

    /// A table for people; empty without sets.
    static func text(_ sets: [SetFigures]) -> String {
        guard !sets.isEmpty else { return "" }
        let table = TextTable(
            columns: [
                .init("SET"), .init("FMR OF ALL SETS"), .init("ITS FMR"), .init("SKILLED FORGERIES THAT MATCH"),
                .init("FNMR"),
            ],
            rows: sets.flatMap { set in
                set.points.map { point in
                    [
                        set.name, NumberText.exactRate(point.operatingPoint), NumberText.rate(point.falseMatchRate),
                        point.skilledFalseMatchRate.map(NumberText.percent) ?? "",
                        NumberText.percent(point.falseNonMatchRate),
                    ]
                }
            })
        return "\n" + table.text.split(separator: "\n").map { "  \($0)\n" }.joined()
    }
}
