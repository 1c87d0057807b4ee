// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FuzzSupport
import Logging
import Varlink

/// What a peer sends to the daemon's socket, read by a real server: messages, and the parameters of every method of the two
/// interfaces as their own types. The methods' own work is left out: each answers with its parameters.
@main enum FramesFuzz: FuzzTarget {
    private static let place = InputPlace("socket")

    static func prepare() throws {
        let isListening = DispatchSemaphore(value: 0)
        let server = try VarlinkServer(
            configuration: VarlinkServerConfiguration(
                vendor: "Likeness", product: "fuzz", version: "0", url: "https://varlink.org",
                limits: VarlinkLimits(
                    maximumMessageBytes: 16 << 10, maximumBufferedBytes: 64 << 10, messageTimeout: .seconds(2),
                    replyTimeout: .seconds(2), idleTimeout: .seconds(2), lingerTimeout: .seconds(2))),
            address: .unixPath(place.path, mode: 0o600), handlers: EchoingHandler.all,
            logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }, whenListening: { isListening.signal() })
        Task { try await server.run() }
        isListening.wait()
    }

    static func read(_ input: [UInt8]) throws {
        guard let socket = PeerSocket(place.path) else { return }
        // In two parts, divided where the input says.
        let middle = input.first.map { Int($0) * input.count / 255 } ?? 0
        socket.send(input[..<middle])
        socket.send(input[middle...])
        socket.endSending()
        // A server that does not end a connection whose peer has ended it is found by the time that an input may take.
        let replies = socket.receiveAll()
        if let last = replies.last, last != 0 { endWithFinding("a reply is not whole") }
    }
}
