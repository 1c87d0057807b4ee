// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Whom a capture command runs as: it needs no right of root's.
public struct CaptureUser: Sendable, Hashable {
    public let name: String
    let user: UInt32
    let group: UInt32

    /// - Parameters:
    ///   - command: whose ``CaptureCommand/user`` it is where root enrols. Anybody else's is the caller's own.
    ///   - identity: what `%u` stands for.
    /// - Throws: a failure where root enrols and no such user is there.
    public init(of command: CaptureCommand, enrolling identity: String) throws(CommandFailure) {
        guard geteuid() == 0 else {
            let own = getpwuid(geteuid())?.pointee
            self.init(
                name: own.map { String(cString: $0.pw_name) } ?? "\(geteuid())", user: geteuid(), group: getegid())
            return
        }
        let named = command.user == "%u" ? identity : command.user ?? CaptureCommand.usualUser
        guard let account = getpwnam(named)?.pointee else {
            throw CommandFailure(
                .configuration, name: "NoCaptureUser",
                message:
                    "there is no user “\(named)” to take the pictures as, which root does not do itself; name one who may use the camera with --capture-user"
            )
        }
        guard account.pw_uid != 0 else {
            throw CommandFailure(
                .configuration, name: "NoCaptureUser",
                message:
                    "“\(named)” is root, who does not take the pictures himself; name a user who may use the camera with --capture-user"
            )
        }
        self.init(name: String(cString: account.pw_name), user: account.pw_uid, group: account.pw_gid)
    }

    private init(name: String, user: UInt32, group: UInt32) {
        self.name = name
        self.user = user
        self.group = group
    }
}
