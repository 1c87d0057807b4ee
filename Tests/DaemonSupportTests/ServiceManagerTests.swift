// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import DaemonSupport
import Foundation
import Testing

/// What a service manager receives. `NOTIFY_SOCKET` and its like are set in processes of their own, since an
/// environment is one for all tests of a process.
@Suite struct ServiceManagerTests {
    @Test func `the messages arrive at the manager's socket, those of one call in one datagram`() async throws {
        await #expect(processExitsWith: .success) {
            let socket = try NotificationSocket()
            setenv("NOTIFY_SOCKET", socket.path, 1)
            #expect(ServiceManager.notify(.ready, .status("Ready: 40 identities, model dlib")) == .sent)
            try #require(try socket.receive() == "READY=1\nSTATUS=Ready: 40 identities, model dlib")
            #expect(ServiceManager.notify(.watchdog) == .sent)
            try #require(try socket.receive() == "WATCHDOG=1")
            #expect(ServiceManager.notify(.stopping(within: .seconds(75))) == .sent)
            try #require(try socket.receive() == "STOPPING=1\nEXTEND_TIMEOUT_USEC=75000000")
        }
    }

    @Test func `a status cannot bring further messages with it`() {
        #expect(ServiceManager.Message.status("one\nREADY=1\r\ntwo").text == "STATUS=one READY=1 two")
    }

    @Test func `without a manager nothing is sent, and a manager that is gone is no reason to stop`() async {
        await #expect(processExitsWith: .success) {
            unsetenv("NOTIFY_SOCKET")
            #expect(ServiceManager.notify(.ready) == .noManager)
            setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1)
            #expect(ServiceManager.notify(.ready) == .failed(code: ENOENT))
        }
    }

    @Test func `the watchdog's interval holds for the process that the manager names`() async {
        await #expect(processExitsWith: .success) {
            unsetenv("WATCHDOG_USEC")
            #expect(ServiceManager.watchdogInterval() == nil)
            setenv("WATCHDOG_USEC", "30000000", 1)
            #expect(ServiceManager.watchdogInterval() == .seconds(30))
            setenv("WATCHDOG_PID", "\(getpid())", 1)
            #expect(ServiceManager.watchdogInterval() == .seconds(30))
            setenv("WATCHDOG_PID", "1", 1)
            #expect(ServiceManager.watchdogInterval() == nil)
            setenv("WATCHDOG_PID", "\(getpid())", 1)
            setenv("WATCHDOG_USEC", "soon", 1)
            #expect(ServiceManager.watchdogInterval() == nil)
        }
    }
}
