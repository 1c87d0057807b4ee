// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Files
import Foundation
import Recognition

/// The packages that the daemon works with: whether every file is what its manifest says, and may be read by the daemon.
enum ModelChecks {
    /// Every file of every active package is read and hashed.
    static let limit = Duration.seconds(30)

    static func findings(_ facts: DoctorFacts) -> [DoctorFinding] {
        guard facts.areSettingsKnown else { return [.notLookedAt("models", "the configuration could not be read")] }
        let settings = facts.settings.models
        if case .denied = FileLook.status(settings.folder) { return [.notLookedAt("models", "needs root")] }
        let store = ModelStore(folder: settings.folder, paths: TrustedPaths(user: facts.daemonUser))
        var findings: [DoctorFinding] = []
        do throws(ModelPackageError) {
            for problem in try store.contents().problems.prefix(20) {
                findings.append(
                    .warning(
                        "models", "a package is left out: \("\(problem.error)")",
                        remedy: "import it again, or take \(problem.path) away"))
            }
            let names = settings.activeNames
            var entries: [ModelStore.Entry] = []
            if names.isEmpty {
                entries = try store.activeEntries()
            } else {
                for name in names { entries.append(try store.entry(named: name)) }
            }
            for entry in entries { findings.append(package(entry, facts, store)) }
            if entries.contains(where: { $0.manifest.modality == .face }) {
                findings.append(cover(FaceCoverChoice(settings.faceCover), store))
            }
        } catch {
            findings.append(
                .problem(
                    "models", "\("\(error)")",
                    remedy: "enroll model list shows what is there; enroll model import brings one"))
        }
        return findings
    }

    private static func package(
        _ entry: ModelStore.Entry, _ facts: DoctorFacts, _ store: ModelStore
    ) -> DoctorFinding {
        let name: DoctorText = "\(plain: entry.manifest.name) \(plain: entry.manifest.version)"
        let modality: DoctorText = "\(plain: entry.manifest.modality.rawValue)"
        do throws(ModelPackageError) {
            _ = try ModelPackage.load(from: entry.path, paths: store.paths)
        } catch {
            return .problem(
                "models", "the \(modality) model \(name) cannot be used: \("\(error)")",
                remedy: "import it again; enroll model list shows the others")
        }
        if let file = unreadable(in: entry.path, facts) {
            return .problem(
                "models", "the daemon's user may not read \(file)",
                remedy: "chmod -R a+rX \(entry.path)")
        }
        guard entry.manifest.calibration != nil else {
            return .problem(
                "models", "the \(modality) model \(name) has no calibration, and decides on nothing",
                remedy: "enroll model calibrate \(plain: entry.manifest.name) FOLDER")
        }
        if let loaded = (try? facts.answers.status.get())?.models,
            let other = loaded.first(where: { $0.modality == entry.manifest.modality }),
            other.digest != entry.digest.hexadecimal
        {
            return .warning(
                "models",
                "the \(modality) model \(name) is chosen, and the daemon compares by \(plain: other.name) \(plain: other.version)",
                remedy: "enroll rotate \(plain: entry.manifest.name) brings what is enrolled to it")
        }
        return .ok("models", "the \(modality) model \(name) is whole, and the daemon may read it")
    }

    /// A file that the daemon's user may not read by its mode; nil where there is none.
    private static func unreadable(in folder: String, _ facts: DoctorFacts) -> String? {
        let user = facts.daemonUser, group = UserNames.group(ofUser: user)
        guard user != 0 else { return nil }
        return ([folder] + FileLook.names(in: folder).map { folder + "/" + $0 }).first { path in
            guard case .found(let status) = FileLook.status(path) else { return false }
            let needed: UInt32 = status.st_mode & S_IFMT == S_IFDIR ? 0o5 : 0o4
            let shift: UInt32 = status.st_uid == user ? 6 : status.st_gid == group ? 3 : 0
            return status.mode >> shift & needed != needed
        }
    }

    private static func cover(_ choice: FaceCoverChoice, _ store: ModelStore) -> DoctorFinding {
        do throws(ModelPackageError) {
            guard let cover = try store.faceCover(choice) else {
                return .warning(
                    "face cover", "covered faces are not measured: masks and dark glasses pass",
                    remedy: "enroll model import package …/models/face-cover, then systemctl reload likenessd")
            }
            return .ok(
                "face cover",
                "measured by \(plain: cover.manifest.name) \(plain: cover.manifest.version), which is whole")
        } catch {
            return .problem(
                "face cover", "\("\(error)")",
                remedy: "import it again, or say models.face_cover = \"none\"; the daemon does not start like this")
        }
    }
}
