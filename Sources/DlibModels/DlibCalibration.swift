// SPDX-License-Identifier: Apache-2.0

import Recognition

/// The first calibration of dlib's published networks: what ``Calibrator`` measures on the 400 images of the
/// AT&T (ORL) set, 40 people with 10 images each, of which none fails to be acquired.
///
/// The equal error rate there is 0.3 % between single images, 0.1 % against references of 3 and 0 against those
/// of 5. The people are few and were photographed in one place: calibrate on people of your own where you can.
public enum DlibCalibration {
    /// What it was measured on.
    public static let faces = "AT&T (ORL) database of faces, 92×112 pixels"

    /// The calibration for images scaled by ``MMODScaling/default``.
    ///
    /// Thresholds are rounded down, so that the measured rates hold. Those at 1e-2 and 1e-3 are of references
    /// of 5 samples, that at 1e-4 of references of 3.
    static func published() throws(CalibrationError) -> Calibration {
        try Calibration(
            a: 59.253, d0: 0.527304,
            operatingPoints: [
                OperatingPoint(falseMatchRate: 1e-2, threshold: 0.546042, upperBound: 0.010977),
                OperatingPoint(falseMatchRate: 1e-3, threshold: 0.484413, upperBound: 0.001341),
                OperatingPoint(falseMatchRate: 1e-4, threshold: 0.456147, upperBound: 0.000196),
            ],
            set:
                "\(faces): 40 people, 400 of 400 images; references of 1, 3, 5 samples by the rule “mean” against the other images",
            genuineCount: 3040, impostorCount: 156_000)
    }
}
