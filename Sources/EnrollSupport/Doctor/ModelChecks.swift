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
        guard facts.areSettingsKnown else { return [.notLookedAt("models", facts.settingsSilence)] }
        let settings = facts.settings.models
        if case .denied = FileLook.status(settings.folder) { return [.notLookedAt("models", "needs root")] }
        let store = ModelStore(folder: settings.folder, paths: TrustedPaths(user: facts.daemonUser))
        var findings: [DoctorFinding] = []
        do throws(ModelPackageError) {
            for problem in try store.contents().problems.prefix(20) {
                findings.append(
                    .warning(
                        "models", "a package is left out: \("\(problem.error)")",
                        remedy: problem.error.distrust?.remedy(for: facts.daemonUser)
                            ?? "import it again, or take it away: rm -r \(shell: problem.path)"))
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
                findings.append(cover(FaceCoverChoice(settings.faceCover), store, facts))
            }
        } catch {
            if let problem = error.distrust {
                findings.append(.problem("models", "\("\(error)")", remedy: problem.remedy(for: facts.daemonUser)))
                return findings
            }
            findings.append(
                .problem(
                    "models", "\("\(error)")",
                    remedy: "enroll model list shows what is there; enroll model import package FOLDER brings one"))
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
                remedy: error.distrust?.remedy(for: facts.daemonUser)
                    ?? "import it again; enroll model list shows the others")
        }
        if let file = unreadable(in: entry.path, facts) {
            return .problem(
                "models", "the daemon's user may not read \(file)",
                remedy: "chmod -R a+rX \(shell: entry.path)")
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

    /// Where the packages of distributions have it.
    static let shippedCover = "/usr/share/likeness/models/likeness-face-cover-"

    private static func coverImport(_ host: DoctorHost) -> DoctorText {
        let folder = FilePath.folder(of: shippedCover), name = shippedCover.dropFirst(folder.count + 1)
        if let found = FileLook.names(in: host.root + folder).first(where: { $0.hasPrefix(name) && PlainWord.isOne($0) }
        ) {
            return "enroll model import package /usr/share/likeness/models/\(plain: found)"
        }
        return
            "enroll model import package FOLDER, of the folder models/face-cover of the sources (packages have it as /usr/share/likeness/models/likeness-face-cover-*)"
    }

    private static func cover(
        _ choice: FaceCoverChoice, _ store: ModelStore, _ facts: DoctorFacts
    ) -> DoctorFinding {
        do throws(ModelPackageError) {
            guard let cover = try store.faceCover(choice) else {
                return .warning(
                    "face cover", "covered faces are not measured: masks and dark glasses pass",
                    remedy: coverImport(facts.host) + ", then " + facts.target.reload)
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

extension ModelPackageError {
    /// What others could change of it; nil where the fault is another.
    fileprivate var distrust: TrustProblem? {
        switch self {
        case .notTrusted(let problem): problem.isDistrust ? problem : nil
        case .inPackage(_, let error), .inPossibleFaceCover(_, let error): error.distrust
        default: nil
        }
    }
}

extension TrustProblem {
    /// The command that takes from others what they should not be able to do.
    func remedy(for user: UInt32) -> DoctorText {
        switch self {
        case .ownedByAnother(let path, _, _):
            "chown \(UserNames.name(ofUser: user) ?? "\(user)") \(shell: path)"
        case .linkOfAnother(let path, _): "chown --no-dereference root \(shell: path)"
        case .openToGroup(let path, _, _), .openToOthers(let path, _): "chmod go-w \(shell: path)"
        case .openByList(let path): "setfacl --remove-all \(shell: path) && chmod g-w \(shell: path)"
        case .unreachable, .notAFile, .notAFolder: "see what is at \(shell: self.path)"
        }
    }
}
