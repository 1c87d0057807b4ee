// SPDX-License-Identifier: Apache-2.0

import CDecoder
import Glibc

/// Whole messages of one kind over a socket of packets.
enum Packets {
    /// Whether all of it was taken.
    static func send<Message: BitwiseCopyable>(_ message: Message, to socket: CInt) -> Bool {
        withUnsafeBytes(of: message) { bytes in
            while true {
                let sent = Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
                if sent < 0, errno == EINTR { continue }
                return sent == bytes.count
            }
        }
    }

    /// The next message; nil where the other end is closed, or sent something else.
    static func receive<Message: BitwiseCopyable>(_ kind: Message.Type, empty: Message, from socket: CInt) -> Message? {
        var message = empty
        let count = withUnsafeMutableBytes(of: &message) { bytes in
            while true {
                let got = recv(socket, bytes.baseAddress, bytes.count, Int32(MSG_TRUNC))
                if got < 0, errno == EINTR { continue }
                return got
            }
        }
        return count == MemoryLayout<Message>.size ? message : nil
    }
}
