// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Files
import Gallery
import Logging
import Monitoring
import Recognition
import Service

/// Finds the models that the daemon decides by, and loads them: those that the configuration or the folder of models
/// chooses, and for a modality that has samples the one that these were embedded by, which a rotation alone changes.
struct ModelLoader: Sendable {
    /// What could be loaded, and what could not.
    struct Models: Sendable {
        var recognizers: [Recognizer] = []
        /// One at least can be loaded beside them.
        var lost: [LostModel] = []
        /// What else is to be told.
        fileprivate var notes: [(level: Logger.Level, text: String)] = []
        /// Why the choice could not be followed, where what the gallery was embedded by takes its place.
        var unfollowed: [any Error] = []
        fileprivate var failures: [any Error] = []
    }

    private let settings: DaemonSettings
    private let logger: Logger
    private let store: ModelStore
    private let cover: ChosenFaceCover
    private let paths = TrustedPaths()

    init(settings: DaemonSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        let models = settings.configuration.models
        store = ModelStore(folder: models.folder, paths: paths)
        cover = ChosenFaceCover(store: store, choice: FaceCoverChoice(models.faceCover))
    }

    /// A model of the folder, by its name, its folder's name or a digest.
    func recognizer(named name: String) throws -> Recognizer { try makeRecognizer(of: try store.entry(named: name)) }

    /// - Throws: ``ModelPackageError`` where nothing is chosen that could be used.
    func requireModels() throws {
        let chosen = chosen()
        // What is left out is told when the models are loaded.
        if chosen.entries.isEmpty, let failure = chosen.failures.first { throw failure }
    }

    /// - Throws: what keeps the first model from its work, where none can do it.
    func load(for gallery: any GalleryStore) async throws -> Models {
        var models = Models()
        let enrolled = try await gallery.generations().filter { $0.generation.state == .active }
        for entry in entries(for: enrolled, &models) { load(entry, for: enrolled, &models) }
        noteAbsent(enrolled, &models)
        if models.recognizers.isEmpty, let failure = models.failures.first { throw failure }
        return models
    }

    /// Tells the journal of what is used from now on, and of what is not.
    func tell(of models: Models) {
        for note in models.notes { logger.log(level: note.level, "\(note.text)") }
        for loss in models.lost { logger.error("\(loss.reason)", metadata: JournalEvent.modelLost.metadata) }
        if models.recognizers.contains(where: { $0.modality == .face }) { tellOfCovers() }
    }

    // MARK: What is chosen

    private struct Chosen {
        var entries: [ModelStore.Entry] = []
        var failures: [any Error] = []
    }

    private func chosen() -> Chosen {
        var chosen = Chosen()
        let names = settings.configuration.models.activeNames
        do {
            if names.isEmpty { chosen.entries = try usableEntries() }
        } catch {
            chosen.failures.append(error)
        }
        for name in names {
            do {
                chosen.entries.append(try store.entry(named: name))
            } catch {
                chosen.failures.append(error)
            }
        }
        return chosen
    }

    /// The chosen models; where one of them is not there, those that the gallery was embedded by, which decide in any
    /// case.
    private func entries(for enrolled: [GenerationContent], _ models: inout Models) -> [ModelStore.Entry] {
        // A folder that cannot be read is a failure of the choice, too.
        for problem in (try? store.contents().problems) ?? [] {
            logger.warning("The model package “\(problem.path)” is left out: \(problem.error)")
        }
        let chosen = chosen()
        guard !chosen.failures.isEmpty else { return chosen.entries }
        var entries = chosen.entries
        let own = enrolled.map(\.generation.model).filter { model in !entries.has(model.modality) }
            .compactMap { try? store.entry(named: $0.digest.hexadecimal) }
        entries += own
        if settings.configuration.models.activeNames.isEmpty {
            // Which of several is meant is not known for one modality, or not any more; the others need not wait for it.
            let othersMayServe = !own.isEmpty || isAmbiguous()
            for modality in Modality.allCases where othersMayServe && !entries.has(modality) {
                if let entry = try? store.activeEntry(of: modality), entry.manifest.calibration != nil {
                    entries.append(entry)
                }
            }
        }
        for failure in chosen.failures {
            if own.isEmpty {
                models.lost.append(LostModel(modality: nil, model: nil, reason: "\(failure)"))
            } else {
                models.notes.append((.warning, "\(failure); what the gallery was embedded by is used"))
            }
        }
        models.failures += chosen.failures
        models.unfollowed = chosen.failures
        return entries
    }

    /// Whether there is a modality with several models of which none is chosen.
    private func isAmbiguous() -> Bool {
        let modalities = Set((try? store.contents().entries.map(\.manifest.modality)) ?? [])
        return modalities.contains { (try? store.activeEntry(of: $0)) == nil }
    }

    /// The active models without those that wait for a calibration: they must not keep the others from their work.
    private func usableEntries() throws -> [ModelStore.Entry] {
        let active = try store.activeEntries(), calibrated = active.filter { $0.manifest.calibration != nil }
        // Where none is calibrated, the start fails and says so.
        guard !calibrated.isEmpty else { return active }
        for entry in active where entry.manifest.calibration == nil {
            logger.warning(
                "\(ModelPackageError.notCalibrated(name: entry.manifest.name)); nothing is decided on the modality “\(entry.manifest.modality.rawValue)” until then"
            )
        }
        return calibrated
    }

    // MARK: What is loaded

    private func load(_ entry: ModelStore.Entry, for enrolled: [GenerationContent], _ models: inout Models) {
        let offered = entry.model
        guard let content = enrolled.first(where: { $0.generation.model.modality == offered.modality }),
            content.generation.model.digest != offered.digest, content.samples > 0
        else { return load(entry, as: offered, &models) }
        let made = content.generation.model
        guard let own = try? store.entry(named: made.digest.hexadecimal) else {
            return models.lose(
                made,
                GalleryError.madeWithAnotherModel(
                    modality: made.modality, made: made, offered: offered, samples: content.samples))
        }
        models.notes.append(
            (
                .notice,
                "The \(made.modality.rawValue) samples are those of the model \(made), which is used; `enroll rotate \(offered.name)` changes to \(offered)"
            ))
        load(own, as: made, &models)
    }

    private func load(_ entry: ModelStore.Entry, as model: ModelDescription, _ models: inout Models) {
        do {
            models.recognizers.append(try makeRecognizer(of: entry))
        } catch {
            models.notes.append((.error, "The model package “\(entry.path)” cannot be used"))
            models.lose(model, error)
        }
    }

    /// Tells of samples whose model is in the folder no more, beside others that are: nothing was chosen for them.
    private func noteAbsent(_ enrolled: [GenerationContent], _ models: inout Models) {
        for content in enrolled where content.samples > 0 {
            let model = content.generation.model
            guard !models.recognizers.contains(where: { $0.modality == model.modality }),
                !models.lost.contains(where: { $0.modality == model.modality })
            else { continue }
            guard settings.configuration.models.activeNames.isEmpty else {
                models.notes.append(
                    (
                        .warning,
                        "models.active names no model of the modality “\(model.modality.rawValue)”, of which \(content.samples) samples are enrolled: nothing is decided on them"
                    ))
                continue
            }
            models.lose(
                model,
                ModelPackageError.noSuchModel(
                    name: model.name,
                    reason:
                        "the \(model.modality.rawValue) samples were embedded by it (\(model.digest.short)); import it again (enroll model import)"
                ))
        }
    }

    private func tellOfCovers() {
        do {
            guard try cover.package(for: .face) == nil else { return }
            logger.notice("Covered faces are not measured: no face-cover network is used")
        } catch {
            // The face model cannot be loaded then, and that is told.
        }
    }

    private func makeRecognizer(of entry: ModelStore.Entry) throws -> Recognizer {
        try Recognizer(
            package: try ModelPackage.load(from: entry.path, paths: paths),
            faceCover: try cover.package(for: entry.manifest.modality))
    }
}

extension ModelLoader.Models {
    fileprivate mutating func lose(_ model: ModelDescription, _ error: any Error) {
        failures.append(error)
        lost.append(
            LostModel(
                modality: model.modality, model: model,
                reason: "nothing is decided on the modality “\(model.modality.rawValue)”: \(error)"))
    }
}

extension [ModelStore.Entry] {
    fileprivate func has(_ modality: Modality) -> Bool { contains { $0.manifest.modality == modality } }
}

extension ModelStore.Entry {
    fileprivate var model: ModelDescription {
        ModelDescription(
            digest: digest, modality: manifest.modality, name: manifest.name, version: manifest.version,
            embeddingSize: manifest.network.embeddingSize)
    }
}
