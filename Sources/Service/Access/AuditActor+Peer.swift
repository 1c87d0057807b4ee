// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import Varlink

extension AuditActor {
    /// The process at the other end of a connection, with the program that it runs now.
    init(_ peer: PeerCredentials) {
        self.init(user: peer.userID, process: peer.processID, executable: Self.executable(of: peer.processID))
    }

    /// The program's path (proc(5), exe) or, where only its owner may see that, its name (comm) in parentheses: anybody
    /// can give a process any name.
    private static func executable(of process: Int32) -> String? {
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe") { return path }
        guard let name = try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8) else { return nil }
        return "(" + name.trimmingCharacters(in: .newlines) + ")"
    }
}
