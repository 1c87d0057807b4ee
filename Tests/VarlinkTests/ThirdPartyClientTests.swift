import Dispatch
import Foundation
import Testing

@Suite("The Varlink project's Python client")
struct ThirdPartyClientTests {
    static let python = ProcessInfo.processInfo.environment["LIKENESS_PYTHON"]

    @Test("introspects and calls the server", .enabled(if: python != nil, "LIKENESS_PYTHON is not set"))
    func calls() async throws {
        try await ToyServer.run { server in
            let process = Process(), output = Pipe()
            process.executableURL = URL(filePath: Self.python ?? "")
            process.arguments = [
                URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                    .appending(path: "Support/python/varlink_toy_client.py").path,
                server.path,
            ]
            process.standardOutput = output
            process.standardError = output
            try process.run()
            // The server under test needs the threads of Swift's tasks; the waiting is done on another.
            let text = await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    let data = output.fileHandleForReading.readDataToEndOfFile()
                    continuation.resume(returning: String(decoding: data, as: UTF8.self))
                }
            }
            process.waitUntilExit()
            #expect(process.terminationStatus == 0 && text == "agreed\n", "\(text)")
        }
    }
}
