// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation

/// The folder of the gallery, its files, and the room that is left on their disk.
enum StateChecks {
    static func findings(_ facts: DoctorFacts) -> [DoctorFinding] {
        guard facts.areSettingsKnown else {
            return [.notLookedAt("state folder", facts.settingsSilence)]
        }
        let settings = facts.settings
        let folder = FilePath.folder(of: settings.gallery.path)
        guard settings.gallery.database.isEmpty else { return disk(folder) }
        switch FileLook.status(folder) {
        case .absent:
            return [
                .warning(
                    "state folder", "there is no folder \(path: folder); the daemon makes it when it starts",
                    remedy: facts.target.start + ", or see why it does not start")
            ]
        case .denied: return [.notLookedAt("state folder", "needs root, for \(path: folder)")]
        case .failed(let code):
            return [
                .problem(
                    "state folder", "\(path: folder) cannot be looked at: \(String(cString: strerror(code)))",
                    remedy: "mend the file system it is on")
            ]
        case .found(let status):
            return [place(folder, status, facts), files(facts)].compactMap { $0 } + disk(folder)
        }
    }

    private static func place(_ folder: String, _ status: stat, _ facts: DoctorFacts) -> DoctorFinding {
        let user = facts.daemonUser
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return .problem(
                "state folder", "\(path: folder) is no folder", remedy: "move it away; the daemon makes one")
        }
        guard status.st_uid == user else {
            return .problem(
                "state folder",
                "\(path: folder) belongs to \(UserNames.description(ofUser: status.st_uid)), and the daemon runs as \(UserNames.description(ofUser: user))",
                remedy: "chown \(UserNames.name(ofUser: user) ?? "\(user)") \(shell: folder)")
        }
        do throws(TrustProblem) {
            try TrustedPaths(user: user).checkFolder(folder)
        } catch {
            guard error.isDistrust else {
                return .notLookedAt("state folder", "\("\(error)")")
            }
            return .problem("state folder", "\("\(error)")", remedy: error.remedy(for: user))
        }
        return .ok(
            "state folder",
            "\(path: folder) belongs to the daemon's user, and nobody else may write to it (mode \(mode: status.mode))")
    }

    private static func files(_ facts: DoctorFacts) -> DoctorFinding? {
        let path = facts.settings.gallery.path, user = facts.daemonUser
        var bytes = 0, isThere = false
        for file in [path, path + "-wal", path + "-shm", path + ".lock"] {
            switch FileLook.status(file) {
            case .absent: continue
            case .denied: return .notLookedAt("gallery file", "needs root")
            case .failed(let code):
                return .problem(
                    "gallery file", "\(path: file) cannot be looked at: \(String(cString: strerror(code)))",
                    remedy: "mend the file system it is on; enroll gallery check then says what is lost")
            case .found(let status):
                guard status.st_uid == user else {
                    return .problem(
                        "gallery file",
                        "\(file) belongs to \(UserNames.description(ofUser: status.st_uid)), so that the daemon (\(UserNames.description(ofUser: user))) cannot work with it",
                        remedy: "chown \(UserNames.name(ofUser: user) ?? "\(user)") \(shell: file)")
                }
                guard status.mode & 0o077 == 0 else {
                    return .problem(
                        "gallery file", "others than the daemon may read or write \(file) (mode \(mode: status.mode))",
                        remedy: "chmod go-rwx \(shell: file)")
                }
                isThere = true
                bytes += Int(status.st_size)
            }
        }
        guard isThere else { return .ok("gallery file", "there is none yet; the daemon makes it when it starts") }
        return .ok("gallery file", "the daemon alone may read it; with its log it has \(bytes: bytes)")
    }

    // MARK: The disk

    /// Less than this is too little for a write to be sure of, and less than that is worth a look.
    private static let least = 100 << 20, little = 1 << 30
    private static let fewInodes = 1000

    /// Of the folder itself, or of the one above that is there.
    static func disk(_ folder: String) -> [DoctorFinding] {
        var space = statvfs(), place = folder
        while statvfs(place, &space) != 0 {
            guard errno == ENOENT, place != "/", place != "." else {
                return [.notLookedAt("disk", "\(String(cString: strerror(errno)))")]
            }
            place = FilePath.folder(of: place)
        }
        let free = Int(
            clamping: UInt64(space.f_bavail).multipliedReportingOverflow(by: UInt64(space.f_frsize)).partialValue)
        let remedy: DoctorText =
            "make room there: journalctl --vacuum-size, old backups; enroll audit tells whether the log grows"
        if space.f_flag & UInt(ST_RDONLY) != 0 {
            return [
                .problem(
                    "disk", "the file system of \(path: folder) can only be read",
                    remedy: "mount it for writing; dmesg may say why it is not")
            ]
        }
        if free < least { return [.problem("disk", "\(bytes: free) are free where the gallery is", remedy: remedy)] }
        if space.f_files > 0, space.f_favail == 0 {
            return [
                .problem("disk", "no inode is free where the gallery is, so that no file can be made", remedy: remedy)
            ]
        }
        if free < little { return [.warning("disk", "\(bytes: free) are free where the gallery is", remedy: remedy)] }
        if space.f_files > 0, space.f_favail < fewInodes {
            return [
                .warning("disk", "\(number: Int(space.f_favail)) inodes are free where the gallery is", remedy: remedy)
            ]
        }
        return [.ok("disk", "\(bytes: free) are free where the gallery is")]
    }
}
