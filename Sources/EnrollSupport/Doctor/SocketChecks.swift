// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import LikenessInterface

/// Whether the socket is there for whom it is meant, and who answers at it.
enum SocketChecks {
    static func findings(_ facts: DoctorFacts) -> [DoctorFinding] {
        [place(facts)] + runtimeFolder(facts) + [answer(facts)] + identity(facts)
    }

    /// A folder for sockets that others can look into is nobody's to rely on, and the daemon itself makes none there.
    private static func runtimeFolder(_ facts: DoctorFacts) -> [DoctorFinding] {
        guard let passedOver = facts.target.passedOver, facts.target.isUsersOwn || passedOver.canBeMended else {
            return []
        }
        let words = "\(passedOver)"
        return [
            .warning(
                "socket", "\(words)",
                remedy: "a daemon of this user has its socket elsewhere until then; restart it afterwards")
        ]
    }

    // MARK: The file

    private static func place(_ facts: DoctorFacts) -> DoctorFinding {
        let path = facts.target.socket.path
        switch FileLook.status(path) {
        case .absent:
            return .problem(
                "socket", "there is no socket \(path: path)",
                remedy: facts.target.start)
        case .denied:
            return .warning(
                "socket", "the folder of the socket \(path: path) may not be entered by this user",
                remedy:
                    "its folder has to let everybody through (chmod 755); the socket's own mode says who may connect")
        case .failed(let code):
            return .problem(
                "socket", "the socket \(path: path) cannot be looked at: \(String(cString: strerror(code)))",
                remedy: "mend the file system it is on")
        case .found(let status): return place(facts, path, status)
        }
    }

    private static func place(_ facts: DoctorFacts, _ path: String, _ status: stat) -> DoctorFinding {
        do throws(SocketProblem) {
            _ = try SocketPath(path, trusted: facts.target.socket.trusted)
        } catch {
            return .problem(
                "socket", "\(error.failure(path).message)",
                remedy: "no command of this user talks to it until then")
        }
        let mode = status.mode & 0o777, owner = UserNames.description(ofUser: status.st_uid)
        if mode & 0o002 != 0 {
            return .warning(
                "socket",
                "every user of this host may connect (mode \(mode: mode)), so that [access] alone says who may do what",
                remedy: facts.target.isUsersOwn
                    ? "where that is not meant: socket.mode = \"0600\""
                    : "where that is not meant: SocketMode=0660 of likenessd.socket, or socket.mode = \"0660\"")
        }
        guard mode & 0o020 != 0 else {
            let whom: DoctorText = status.st_uid == 0 ? "root alone" : "its owner, \(owner), and root"
            return .ok("socket", "\(path: path) lets \(whom) connect (mode \(mode: mode))")
        }
        let group = UserNames.group(status.st_gid)
        return .ok(
            "socket",
            "\(path: path) lets root and the group \(group?.name ?? "\(status.st_gid)") connect, which has \(group?.members.count ?? 0, "member") (mode \(mode: mode))"
        )
    }

    // MARK: The answer

    /// Longer than this, somebody who logs in notices.
    private static let slow = Duration.seconds(1)

    private static func answer(_ facts: DoctorFacts) -> DoctorFinding {
        switch facts.answers.identity {
        case .success(let identity) where identity.time > slow:
            .warning(
                "answer", "the daemon answers, but took \(milliseconds: identity.time) to say who it is",
                remedy: "enroll top shows what it is busy with")
        case .success(let identity): .ok("answer", "the daemon answers within \(milliseconds: identity.time)")
        case .failure(let failure) where failure.status == .noPermission && failure.name == "DaemonUnavailable":
            .warning(
                "answer", "this user may not connect to the daemon",
                remedy: "where that is not meant: usermod --append --groups likeness NAME, and log in again")
        case .failure(let failure) where failure.name == "Timeout":
            .problem(
                "answer", "the daemon takes connections and does not answer within \(milliseconds: facts.host.limit)",
                remedy: facts.target.journal + ", then " + facts.target.restart)
        case .failure(let failure) where failure.status == .protocolError:
            .problem(
                "answer", "what answers at the socket is no daemon of this kind: \(failure.message)",
                remedy: "find out who listens there: ss -xlp")
        case .failure(let failure):
            .problem(
                "answer", "no daemon answers: \(failure.message)",
                remedy: facts.target.isUsersOwn
                    ? facts.target.start
                    : "systemctl status likenessd.socket likenessd.service; journalctl -u likenessd -n 50")
        }
    }

    private static func identity(_ facts: DoctorFacts) -> [DoctorFinding] {
        guard let identity = try? facts.answers.identity.get() else { return [] }
        guard identity.product == "likenessd",
            [InterfaceNames.verification, InterfaceNames.admin].allSatisfy(identity.interfaces.contains)
        else {
            return [
                .problem(
                    "daemon", "what answers calls itself “\(identity.product)” and is no likenessd",
                    remedy: "find out who listens there: ss -xlp")
            ]
        }
        guard identity.version == LikenessVersion.current else {
            return [
                .warning(
                    "daemon",
                    "the daemon is of the version \(plain: identity.version), and this command of \(plain: LikenessVersion.current)",
                    remedy: "after an upgrade: " + facts.target.restart + "; else install both from one package")
            ]
        }
        return [.ok("daemon", "it is likenessd \(plain: identity.version), as this command")]
    }
}
