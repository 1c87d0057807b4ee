// SPDX-License-Identifier: Apache-2.0

import Recognition

/// The first calibration of dlib's published networks: what ``Calibrator`` measures on 400 photographs of 40 people from
/// one studio and on 1,549 of 1,468 strangers in the wild, two of which fail to be acquired.
///
/// False matches are those between single photographs of strangers. The people of the studio, who are more alike, are
/// taken for one another up to four times as often; what the thresholds do to them is stated, too.
public enum DlibCalibration {
    /// The sets that it was measured on: genuine samples on both, impostors on the second.
    public static let faces = "AT&T (ORL)"
    public static let strangers = "LFW strangers"

    /// The calibration for images scaled by ``MMODScaling/default`` and seen as ``EmbeddingViews/face``.
    ///
    /// Thresholds are rounded down, so that the measured rates hold.
    static func published() throws(CalibrationError) -> Calibration {
        try Calibration(
            a: 26.4912, d0: 0.605598,
            operatingPoints: [
                OperatingPoint(falseMatchRate: 1e-2, threshold: 0.604187, upperBound: 0.010853),
                OperatingPoint(falseMatchRate: 1e-3, threshold: 0.529314, upperBound: 0.001238),
                OperatingPoint(falseMatchRate: 1e-4, threshold: 0.460660, upperBound: 0.0001443),
                OperatingPoint(falseMatchRate: 1e-5, threshold: 0.402482, upperBound: 0.00001615),
            ],
            set:
                "\(faces): 40 people, 400 of 400 images; \(strangers): 1468 people, 1547 of 1549 images; each set weighing "
                + "the same; false matches between single samples of \(strangers); references of 1, 3, 5 samples by the rule "
                + "“mean, by number” against the other images of the same set",
            genuineCount: 3180, impostorCount: 1_195_691,
            sets: [
                CalibrationSetFigures(
                    name: faces, genuineCount: 3040, impostorCount: 156_000, skilledCount: 0,
                    points: [
                        point(1e-2, falseMatchRate: 0.033115, falseNonMatchRate: 0),
                        point(1e-3, falseMatchRate: 0.003474, falseNonMatchRate: 0.002778),
                        point(1e-4, falseMatchRate: 0.0000641, falseNonMatchRate: 0.028333),
                        point(1e-5, falseMatchRate: 0, falseNonMatchRate: 0.113889),
                    ]),
                CalibrationSetFigures(
                    name: strangers, genuineCount: 140, impostorCount: 1_195_691, skilledCount: 0,
                    points: [
                        point(1e-2, falseMatchRate: 0.009999, falseNonMatchRate: 0.05),
                        point(1e-3, falseMatchRate: 0.000999, falseNonMatchRate: 0.114286),
                        point(1e-4, falseMatchRate: 0.0000995, falseNonMatchRate: 0.321429),
                        point(1e-5, falseMatchRate: 0.0000092, falseNonMatchRate: 0.621429),
                    ]),
            ])
    }

    private static func point(
        _ operatingPoint: Double, falseMatchRate: Double, falseNonMatchRate: Double
    ) -> CalibrationSetFigures.Point {
        CalibrationSetFigures.Point(
            operatingPoint: operatingPoint, falseMatchRate: falseMatchRate, falseNonMatchRate: falseNonMatchRate)
    }
}
