// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// A measurement as the sample table keeps it, in JSON.
struct StoredMeasurement: Codable {
    let quantity: QualityMeasurement.Quantity
    let value: Double
    let minimum: Double?
    let maximum: Double?

    /// - Throws: ``GalleryError/damagedRecord(_:)`` when a value is not finite, which JSON cannot hold.
    static func text(of measurements: [QualityMeasurement]) throws(GalleryError) -> String {
        let stored = measurements.map {
            StoredMeasurement(quantity: $0.quantity, value: $0.value, minimum: $0.minimum, maximum: $0.maximum)
        }
        do {
            return String(decoding: try JSONEncoder().encode(stored), as: UTF8.self)
        } catch {
            throw .damagedRecord("a measurement is not a finite number")
        }
    }

    static func measurements(in text: String) throws(GalleryError) -> [QualityMeasurement] {
        do {
            return try JSONDecoder().decode([StoredMeasurement].self, from: Data(text.utf8)).map {
                QualityMeasurement($0.quantity, $0.value, minimum: $0.minimum, maximum: $0.maximum)
            }
        } catch {
            throw .damagedRecord("the measurements of a sample cannot be read")
        }
    }
}
