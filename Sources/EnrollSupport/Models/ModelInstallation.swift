// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Imaging
import LikenessInterface
import Recognition

/// Puts packages into a store, calibrated where there is something to calibrate on.
public struct ModelInstallation: Sendable {
    public let store: ModelStore
    /// What a calibration measures covered faces by, as ``FaceCoverLocation`` takes it.
    public let faceCover: String?

    public init(store: ModelStore, faceCover: String? = nil) {
        self.store = store
        self.faceCover = faceCover
    }

    /// A folder with a folder of images for each person, and where these are decoded.
    public struct People: Sendable {
        let folder: String
        let decoding: any PictureDecoding

        public init(_ folder: String, decoding: any PictureDecoding) {
            self.folder = folder
            self.decoding = decoding
        }
    }

    /// Adds a package; the first of its modality in a store becomes the active one.
    ///
    /// - Parameters:
    ///   - people: whom to calibrate on.
    ///   - keepsPresent: without `people`, a calibration that the same model has in the store stays, since whoever
    ///     runs this host may have measured it; otherwise the package's own replaces it, where it has one.
    public func install(
        _ package: ModelPackage, calibratingOn people: People?, keepsPresent: Bool,
        progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws(CommandFailure) -> InstalledModel {
        var report: CalibrationReport?
        let calibration: Calibration?
        if let people {
            let outcome = try await calibrate(
                package, on: PeopleFolder.sets(in: [people.folder], areParents: false), decoding: people.decoding,
                progress: progress)
            report = CalibrationReport(outcome)
            calibration = outcome.calibration
        } else {
            let own = package.manifest.calibration
            // One that was measured with distances of another kind says nothing of these.
            let present = keepsPresent || own == nil ? try present(package)?.manifest : nil
            calibration =
                (present?.defaultReferenceRule == package.manifest.defaultReferenceRule ? present?.calibration : nil)
                ?? own
        }
        do throws(ModelPackageError) {
            try store.install(try package.with(calibration: calibration))
            let entry = try store.entry(named: package.digest.hexadecimal)
            return InstalledModel(model: summary(of: entry), calibration: report)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Calibrates a package of the store anew; its digest stays.
    ///
    /// - Parameters:
    ///   - people: of one set, or of several that weigh the same each; see ``PeopleFolder/sets(in:areParents:)``.
    ///   - decoding: where their images are decoded.
    public func recalibrate(
        _ entry: ModelStore.Entry, on people: [Calibrator.IdentitySet], decoding: any PictureDecoding,
        progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws(CommandFailure) -> InstalledModel {
        let package = try load(entry)
        let outcome = try await calibrate(package, on: people, decoding: decoding, progress: progress)
        do throws(ModelPackageError) {
            try package.with(calibration: outcome.calibration).writeManifest(inFolder: entry.path)
            let calibrated = try store.entry(named: entry.digest.hexadecimal)
            return InstalledModel(model: summary(of: calibrated), calibration: CalibrationReport(outcome))
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Makes a package the active one of its modality, after every file was checked and the engine took its networks.
    public func use(_ entry: ModelStore.Entry) throws(CommandFailure) -> InstalledModel {
        let package = try load(entry)
        do throws(ModelPackageError) {
            _ = try Recognizer(package: package).requiredCalibration()
            try store.activate(entry.digest)
        } catch {
            throw CommandFailure(error)
        }
        return InstalledModel(model: ModelSummary(entry, isActive: true), calibration: nil)
    }

    /// Removes a package; an active one only when `forced`, because without it no daemon decides on its modality.
    public func remove(_ entry: ModelStore.Entry, forced: Bool) throws(CommandFailure) -> ModelSummary {
        let summary = summary(of: entry)
        guard forced || !summary.active else {
            throw CommandFailure(
                .configuration, name: "ModelActive",
                message:
                    "“\(summary.model.name)” is the active \(summary.model.modality.rawValue) model; choose another with enroll model use first, or add --force"
            )
        }
        do throws(ModelPackageError) {
            try store.remove(entry)
        } catch {
            throw CommandFailure(error)
        }
        return summary
    }

    public func entry(named name: String) throws(CommandFailure) -> ModelStore.Entry {
        do throws(ModelPackageError) {
            return try store.entry(named: name)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The package by which a modality is decided on.
    public func activePackage(of modality: Modality) throws(CommandFailure) -> ModelPackage {
        do throws(ModelPackageError) {
            return try ModelPackage.load(from: store.activeEntry(of: modality).path)
        } catch {
            guard case .noActiveModel(let reason) = error else { throw CommandFailure(error) }
            throw CommandFailure(
                .configuration, name: CommandFailure.noSuchModelName,
                message: "no \(modality.rawValue) model is active: \(reason)")
        }
    }

    public func load(_ entry: ModelStore.Entry) throws(CommandFailure) -> ModelPackage {
        do throws(ModelPackageError) {
            return try ModelPackage.load(from: entry.path)
        } catch {
            throw CommandFailure(error)
        }
    }

    public func summary(of entry: ModelStore.Entry) -> ModelSummary {
        ModelSummary(entry, isActive: store.isActive(entry))
    }

    private func present(_ package: ModelPackage) throws(CommandFailure) -> ModelStore.Entry? {
        do throws(ModelPackageError) {
            return try store.contents().entries.first { $0.digest == package.digest }
        } catch {
            throw CommandFailure(error)
        }
    }

    private func calibrate(
        _ package: ModelPackage, on people: [Calibrator.IdentitySet], decoding: any PictureDecoding,
        progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws(CommandFailure) -> Calibrator.Outcome {
        let cover = try FaceCoverLocation.load(faceCover, for: package, store: store)
        do {
            return try await Calibrator(
                recognizer: Recognizer(package: package, faceCover: cover), decoding: decoding
            )
            .calibrate(people, progress: progress)
        } catch {
            throw CommandFailure(error)
        }
    }
}

/// A package that is in a store now, and how it was calibrated if it just was.
public struct InstalledModel: Sendable, Encodable {
    public let model: ModelSummary
    public let calibration: CalibrationReport?

    public var text: String {
        let title = PrintableText.of(
            "\(model.model.name) \(model.model.version) (\(IdentityText.shortDigest(model.model.digest)))")
        let active =
            model.active
            ? "is the active \(model.model.modality.rawValue) model"
            : "is in the store; enroll model use \(model.model.name) makes it the active one"
        let state =
            model.calibrated
            ? ""
            : "it has no calibration: run enroll model calibrate \(model.model.name) FOLDER before it is used\n"
        let figures =
            calibration?.text
            ?? (model.calibrated
                ? "calibrated on \(PrintableText.of(model.model.calibrationSet))\n"
                    + OperatingPointTable.text(model.model.operatingPoints) : "")
        return "\(title) \(active)\n" + state + figures
    }
}
