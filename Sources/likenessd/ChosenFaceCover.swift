// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Recognition
import Synchronization

/// The face-cover network that a configuration chooses: read when the first face model is, and the same from then on, so
/// that what is done to the folder of models changes nothing before the next reload.
final class ChosenFaceCover: Sendable {
    private struct Reading: Sendable {
        let package: FaceCoverPackage?
    }

    private let store: ModelStore
    private let choice: FaceCoverChoice
    private let reading = Mutex<Reading?>(nil)

    init(store: ModelStore, choice: FaceCoverChoice) {
        self.store = store
        self.choice = choice
    }

    /// What a model of a modality measures covered faces by; for others than faces nothing is read.
    ///
    /// - Throws: ``ModelPackageError`` when the choice cannot be followed.
    func package(for modality: Modality) throws(ModelPackageError) -> FaceCoverPackage? {
        guard modality == .face else { return nil }
        return try reading.withLock { reading throws(ModelPackageError) -> FaceCoverPackage? in
            if let reading { return reading.package }
            let package = try store.faceCover(choice)
            reading = Reading(package: package)
            return package
        }
    }
}
