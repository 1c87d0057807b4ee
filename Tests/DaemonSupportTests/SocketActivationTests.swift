// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import DaemonSupport
import Foundation
import ProgramHarness
import Testing

/// What is taken of the descriptors that a service manager hands over.
@Suite struct SocketActivationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `one listening stream socket is taken`() throws {
        let descriptor = try UnixSocket.bind(folder.appending("socket"), type: SOCK_STREAM)
        defer { close(descriptor) }
        try #require(listen(descriptor, 1) == 0)
        #expect(try SocketActivation.onlySocket(of: descriptor..<descriptor + 1) == descriptor)
    }

    @Test func `no descriptor is no error`() throws {
        #expect(try SocketActivation.onlySocket(of: 3..<3) == nil)
    }

    @Test func `a socket that does not listen is refused`() throws {
        let descriptor = try UnixSocket.bind(folder.appending("socket"), type: SOCK_STREAM)
        defer { close(descriptor) }
        #expect(throws: SocketActivationError.notAListeningUnixSocket) {
            try SocketActivation.onlySocket(of: descriptor..<descriptor + 1)
        }
    }

    @Test func `a datagram socket, a network socket and a file are refused`() throws {
        let datagram = try UnixSocket.bind(folder.appending("datagram"), type: SOCK_DGRAM)
        let network = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let file = open("/dev/null", O_RDONLY)
        defer { for descriptor in [datagram, network, file] { close(descriptor) } }
        try #require(network >= 0 && file >= 0)
        try #require(listen(network, 1) == 0)
        for descriptor in [datagram, network, file] {
            #expect(throws: SocketActivationError.notAListeningUnixSocket) {
                try SocketActivation.onlySocket(of: descriptor..<descriptor + 1)
            }
        }
    }

    @Test func `several sockets are refused with their number`() {
        let error = #expect(throws: SocketActivationError.self) { try SocketActivation.onlySocket(of: 3..<5) }
        #expect(error == .several(2))
        #expect(error?.description.contains("2 sockets") == true)
    }

    @Test func `a descriptor that is not open is an error, not a crash`() {
        #expect(throws: SocketActivationError.cannotTell(code: EBADF)) {
            try SocketActivation.onlySocket(of: 100_000..<100_001)
        }
    }

    @Test func `descriptors that were meant for another process are not taken`() async {
        await #expect(processExitsWith: .success) {
            setenv("LISTEN_FDS", "1", 1)
            setenv("LISTEN_PID", "1", 1)
            let inherited = try SocketActivation.inheritedSocket()
            #expect(inherited == nil)
        }
    }
}
