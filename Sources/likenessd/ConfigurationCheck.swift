// SPDX-License-Identifier: Apache-2.0

import Biometrics
import DaemonSupport
import Decoding
import Files
import Foundation
import Gallery
import Recognition
import Service

/// What `--check-config` looks at once the file itself is right: the models and rates that it names, and who may change
/// what decides. Nothing is made or changed.
struct ConfigurationCheck {
    let settings: DaemonSettings
    private let paths: TrustedPaths

    init(settings: DaemonSettings, usersOwn: Bool) {
        self.settings = settings
        paths = TrustedPaths(user: Self.daemonUser(settings, usersOwn: usersOwn))
    }

    /// What was found: what keeps the daemon from starting as it is configured, and what does not.
    struct Findings {
        var problems: [any Error] = []
        var warnings: [String] = []
    }

    /// Prints what was found.
    ///
    /// - Returns: ``ExitStatus/stopped`` where nothing keeps the daemon from starting.
    func report() -> ExitStatus {
        let findings = findings()
        let name = settings.source ?? "the defaults"
        let lines = findings.problems.map { "\(name): \($0)" } + findings.warnings.map { "\(name): warning: \($0)" }
        FileHandle.standardError.write(Data(lines.map { $0 + "\n" }.joined().utf8))
        guard findings.problems.isEmpty else {
            return findings.problems.contains { ExitStatus.of($0) == .notPermitted } ? .notPermitted : .configuration
        }
        if findings.warnings.isEmpty {
            print(settings.source.map { "\($0): no problem found" } ?? "no configuration file: the defaults hold")
        }
        return .stopped
    }

    func findings() -> Findings {
        var findings = Findings()
        checkPlaces(&findings)
        checkModels(&findings)
        do {
            _ = try DecoderProgram.find()
        } catch {
            findings.problems.append(error)
        }
        let configuration = settings.configuration
        if PostgreSQLGallery.holdsPassword(configuration.gallery.database) {
            findings.warnings.append(DaemonConfiguration.passwordWarning)
        }
        if configuration.socket.mode & 0o007 != 0 {
            findings.warnings.append(
                "socket.mode lets every user of this host connect, so that [access] alone decides what each may do; \"0660\" lets the daemon's group connect, \"0600\" only its user"
            )
        }
        if !configuration.access.enrollSelf.isEmpty {
            let missing = PolkitConsent.files.filter { !FileManager.default.fileExists(atPath: $0) }
            findings.warnings += missing.map {
                "access.enrol_self opens nothing without polkit and its policy: there is no \($0); install polkitd, and the policy with the package likeness"
            }
        }
        return findings
    }

    // MARK: Places

    private func checkPlaces(_ findings: inout Findings) {
        let gallery = settings.configuration.gallery
        if gallery.database.isEmpty { check(folder: FilePath.folder(of: gallery.path), &findings) }
        for path in settings.configuration.decidingFiles where FileManager.default.fileExists(atPath: path) {
            do throws(TrustProblem) {
                try paths.check(path)
            } catch {
                note(error, isNeeded: false, &findings)
            }
        }
        for path in [gallery.keyFile, gallery.previousKeyFile] where !path.isEmpty {
            var status = stat()
            if lstat(path, &status) == 0, status.st_mode & 0o077 != 0 {
                findings.problems.append(
                    WrappingKey.FileProblem.openToOthers(path: path, mode: UInt32(status.st_mode & 0o7777)))
                continue
            }
            do throws(TrustProblem) {
                try paths.check(path)
            } catch {
                note(error, isNeeded: true, &findings)
            }
        }
    }

    /// A folder that is not there yet is made at the start.
    private func check(folder: String, _ findings: inout Findings) {
        do throws(TrustProblem) {
            try paths.checkFolder(folder)
        } catch {
            note(error, isNeeded: false, &findings)
        }
    }

    private func note(_ problem: TrustProblem, isNeeded: Bool, _ findings: inout Findings) {
        guard case .unreachable(let failure) = problem else { return findings.problems.append(problem) }
        switch failure.code {
        // The caller of the check may be another user than the daemon runs as.
        case EACCES, EPERM: findings.warnings.append("\(problem): it is not checked")
        case ENOENT where !isNeeded: break
        default: findings.problems.append(problem)
        }
    }

    /// The owner of the gallery's folder, where root checks a daemon that runs as somebody else.
    private static func daemonUser(_ settings: DaemonSettings, usersOwn: Bool) -> UInt32 {
        let user = geteuid()
        var status = stat()
        guard user == 0, !usersOwn, stat(FilePath.folder(of: settings.configuration.gallery.path), &status) == 0 else {
            return user
        }
        return status.st_uid
    }

    // MARK: Models

    private func checkModels(_ findings: inout Findings) {
        let store = ModelStore(folder: settings.configuration.models.folder, paths: paths)
        do {
            for problem in try store.contents().problems {
                findings.warnings.append("the model package “\(problem.path)” is left out: \(problem.error)")
            }
            let names = settings.configuration.models.activeNames
            // Models come after the configuration: a folder without any is no mistake.
            if names.isEmpty, try store.contents().entries.isEmpty { return }
            let entries = names.isEmpty ? try store.activeEntries() : try names.map(store.entry(named:))
            findings.problems += problems(of: entries, areNamed: !names.isEmpty)
            for entry in entries {
                do {
                    _ = try ModelPackage.load(from: entry.path, paths: paths)
                } catch {
                    findings.problems.append(error)
                }
            }
            let faces = entries.map(\.manifest).filter { $0.modality == .face }
            if !faces.isEmpty,
                let cover = try store.faceCover(FaceCoverChoice(settings.configuration.models.faceCover))
            {
                for model in faces {
                    _ = try FaceCoverEngine(cover, alignment: model.alignment, chipSize: model.input.width)
                }
            }
        } catch {
            findings.problems.append(error)
        }
    }

    private func problems(of entries: [ModelStore.Entry], areNamed: Bool) -> [ServiceStartError] {
        var problems: [ServiceStartError] = []
        for modality in Modality.allCases {
            let models = entries.map(\.manifest).filter { $0.modality == modality }
            if models.count > 1 { problems.append(.severalModels(modality: modality, names: models.map(\.name))) }
            let choice = settings.service.operatingPoint(of: modality)
            for model in models {
                if let calibration = model.calibration {
                    if let problem = ServiceStartError(
                        choice, calibration: calibration, model: model.name, modality: modality)
                    {
                        problems.append(problem)
                    }
                } else if areNamed {
                    problems.append(.notCalibrated(model: model.name))
                }
            }
        }
        return problems
    }
}

extension DaemonConfiguration {
    /// Files that decide beside the configuration, the models and the keys: the gallery with what SQLite keeps beside
    /// it, or what the database's connection names.
    var decidingFiles: [String] {
        gallery.database.isEmpty
            ? [gallery.path, gallery.path + "-wal", gallery.path + "-journal"]
            : PostgreSQLGallery.files(of: gallery.database)
    }

    static let passwordWarning =
        "gallery.database holds a password, which whoever reads the configuration knows; hand it over as the credential likeness.gallery-password, or in a password file (passfile=…)"
}
