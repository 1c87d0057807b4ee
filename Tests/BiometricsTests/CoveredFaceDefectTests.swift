// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Testing

@Suite struct CoveredFaceDefectTests {
    @Test func `what is covered is said, with the share, its limit and what to do`() throws {
        let eyes = try #require(QualityDefect(QualityMeasurement(.eyesVisible, 0.0312, minimum: 0.5)))
        #expect(eyes == .eyesCovered(measured: 0.0312, limit: 0.5))
        #expect(eyes.description.contains("3.12 %") && eyes.description.contains("50 %"), "\(eyes)")
        #expect(eyes.description.contains("take off dark glasses"))
        let mouth = try #require(QualityDefect(QualityMeasurement(.mouthAndNoseVisible, 0.4999, minimum: 0.5)))
        #expect(mouth == .mouthOrNoseCovered(measured: 0.4999, limit: 0.5))
        #expect(mouth.description.contains("take off the mask"))
        // The two numbers are told apart.
        #expect(mouth.description.contains("49.99 %") && mouth.description.contains("50 %"), "\(mouth)")
    }

    @Test func `what keeps its limit, or has none, is no defect`() {
        #expect(QualityDefect(QualityMeasurement(.eyesVisible, 0.5, minimum: 0.5)) == nil)
        #expect(QualityDefect(QualityMeasurement(.mouthAndNoseVisible, 0)) == nil)
    }
}
