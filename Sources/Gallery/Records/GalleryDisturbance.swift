// SPDX-License-Identifier: Apache-2.0

/// What somebody else did to a gallery's files while they were open.
public enum GalleryDisturbance: Sendable, Hashable {
    /// One was moved, removed or replaced. It ends when the same file is back.
    case displaced(file: String)
    /// One was written without SQLite, as by a copy over it.
    case writtenOver(file: String)
    /// Something was stored in it by means of SQLite.
    case changed

    /// What happened, and what there is to do.
    func words(path: String) -> String {
        switch self {
        case .displaced(let file):
            "“\(file)” was moved, removed or replaced while the daemon has the gallery open, so that what is enrolled now would be gone at its next start; nothing is changed from now on, and comparing goes on. Put the same file back where it was; or, where it is gone, have the daemon write down what it holds (`enroll gallery backup FILE`), stop it, put FILE in the place of “\(path)”, remove “\(path)-wal” and “\(path)-shm”, and start it again"
        case .writtenOver(let file):
            "“\(file)” was written over by another program while the daemon has the gallery open; nothing is changed from now on, and comparing goes on as it was. Stop the daemon, put the gallery that is meant in the place of “\(path)” (a backup, where it was not put there already) and start it again"
        case .changed:
            "another program stored something in the gallery “\(path)” while the daemon has it open, which the daemon compares nothing with; nothing is changed from now on. Stop that program and restart the daemon to go on with what is in the file, and look at it with `enroll gallery check`; or stop the daemon and restore the gallery from a backup"
        }
    }
}
