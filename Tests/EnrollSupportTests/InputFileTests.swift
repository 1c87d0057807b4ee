// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import ProgramHarness
import Testing

@Suite struct InputFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func failure(_ path: String, timeout: Int32 = 100) -> CommandFailure? {
        do {
            _ = try InputFile.read(path, timeout: timeout)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a file is read whole`() throws {
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try Data(bytes).write(to: URL(fileURLWithPath: folder.appending("photo")))
        #expect(try InputFile.read(folder.appending("photo")) == bytes)
        #expect(try InputFile.base64(folder.appending("photo")) == Data(bytes).base64EncodedString())
    }

    @Test func `what is no file is refused at once, and told with its path`() {
        #expect(failure(folder.appending("missing"))?.status == .noInput)
        #expect(
            failure(folder.appending("missing"))?.message == "\(folder.appending("missing")): there is no such file")
        #expect(failure(folder.path)?.status == .noInput)
        #expect(failure("/dev/zero")?.message == "/dev/zero: it is a device and no image")
    }

    @Test func `an empty file is no photograph`() throws {
        try Data().write(to: URL(fileURLWithPath: folder.appending("empty")))
        #expect(failure(folder.appending("empty"))?.status == .badData)
    }

    @Test func `a file beyond the limit is refused before it is read`() throws {
        let path = folder.appending("huge")
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        #expect(truncate(path, off_t((64 << 20) + 1)) == 0)
        #expect(failure(path)?.status == .badData)
        #expect(failure(path)?.name == "FileTooLarge")
    }

    @Test func `a pipe that nobody writes to does not hang`() {
        let path = folder.appending("fifo")
        #expect(mkfifo(path, 0o600) == 0)
        #expect(failure(path)?.status == .badData)
    }

    @Test func `a pipe whose writer is silent is given up`() {
        let path = folder.appending("fifo")
        #expect(mkfifo(path, 0o600) == 0)
        let writer = open(path, O_RDWR)
        defer { close(writer) }
        #expect(failure(path)?.status == .inputOutput)
    }

    @Test func `a pipe is read to its end, and no further than the limit`() throws {
        let zeros = try RunningProgram(
            "/bin/sh", ["-c", "head -c 300000 /dev/zero"], output: .pipe, limit: .seconds(60))
        let pipe = try #require(zeros.output)
        #expect(try InputFile.read("/dev/fd/\(pipe.fileDescriptor)").count == 300_000)

        let endless = try RunningProgram(
            "/bin/cat", ["/dev/zero"], output: .pipe, errors: .nothing, limit: .seconds(60))
        let stream = try #require(endless.output)
        #expect(failure("/dev/fd/\(stream.fileDescriptor)", timeout: 5000)?.name == "FileTooLarge")
    }

    @Test func `an output never replaces a file`() throws {
        let path = folder.appending("out.tar")
        try OutputFile.write([1, 2, 3], to: path)
        #expect(FileManager.default.contents(atPath: path) == Data([1, 2, 3]))
        #expect(throws: CommandFailure.self) { try OutputFile.write([4], to: path) }
        #expect(FileManager.default.contents(atPath: path) == Data([1, 2, 3]))
        #expect(throws: CommandFailure.self) { try OutputFile.write([4], to: folder.appending("none/out.tar")) }
    }

    @Test(.enabled(if: Products.contains("enroll"), "enroll is not built, or LIKENESS_BIN does not name its folder"))
    func `a file that cannot be written to its end is told and not left`() async throws {
        let path = folder.appending("key")
        // With the signal ignored, a write beyond the limit fails as one to a full disk.
        let result = try await Command.run(
            "/bin/sh",
            [
                "-c", "(trap '' XFSZ; ulimit -f 0; exec \"$@\") 2>&1 | cat >&2", "sh", Products.program("enroll"),
                "gallery", "key", path,
            ])
        #expect(result.errors.contains("\(path): cannot be written: File too large"), "\(result)")
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}

@Suite struct ArgumentTests {
    @Test func `numbers and sizes are read as they are written`() {
        #expect(NumberList.numbers("127.5") == [127.5])
        #expect(NumberList.numbers("104,117,123") == [104, 117, 123])
        #expect(NumberList.numbers("1e-3") == [0.001])
        for text in ["", "1,", ",", "a", "1 2", "nan", "inf", "1,2,3,4,5"] {
            #expect(NumberList.numbers(text) == nil, "\(text)")
        }
        #expect(NumberList.size("112x96").map { [$0.width, $0.height] } == [112, 96])
        #expect(NumberList.size("112×96").map { [$0.width, $0.height] } == [112, 96])
        for text in ["", "112", "0x1", "-1x1", "1x2x3", "ax1"] { #expect(NumberList.size(text) == nil, "\(text)") }
    }

    @Test func `the option comes before the environment, and this user's daemon before the system's`() {
        func choose(
            _ option: String? = nil, _ environment: [String: String] = [:], there: Bool = false,
            own: [String] = ["/first", "/own"]
        ) -> SocketChoice {
            SocketChoice(
                option: option, environment: environment, usersOwn: own, system: "/system", trusted: Sample.users
            ) {
                $0 == "/own" && there
            }
        }
        let named = ["LIKENESS_SOCKET": "/named"]
        #expect(choose("/option", named, there: true).path == "/option")
        #expect(choose(nil, named, there: true).path == "/named")
        #expect(choose(nil, ["LIKENESS_SOCKET": ""], there: true).path == "/own")
        #expect(choose(there: false).path == "/system")
        #expect(choose(there: false).absent == ["/first", "/own"])
        #expect(choose(own: []).path == "/system")
        #expect(choose(own: []).absent.isEmpty)
    }

    @Test func `people are folders with images`() throws {
        let folder = try TemporaryFolder()
        func add(_ path: String) throws {
            let url = URL(fileURLWithPath: folder.appending(path))
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data([1]).write(to: url)
        }
        for path in ["b/2.JPG", "b/1.png", "b/.hidden.png", "b/note.txt", "empty/note.txt", "loose.png"] {
            try add(path)
        }
        #expect { try PeopleFolder.identities(in: folder.path) } throws: { ($0 as? CommandFailure)?.status == .badData }
        for path in ["a/1.jpeg", "a/2.jpeg"] { try add(path) }
        let people = try PeopleFolder.identities(in: folder.path)
        #expect(people.map(\.name) == ["a", "b"])
        #expect(people.map { $0.images.map(\.name) } == [["a/1.jpeg", "a/2.jpeg"], ["b/1.png", "b/2.JPG"]])
        #expect(try people[0].images[0].read() == [1])
        #expect(people.allSatisfy { $0.forgeries.isEmpty })
        for path in ["c/genuine/1.png", "c/genuine/2.png", "c/forgery/1.png", "c/other/3.png", "d/forgery/1.png"] {
            try add(path)
        }
        let signers = try PeopleFolder.identities(in: folder.path)
        #expect(signers.map(\.name) == ["a", "b", "c"])
        #expect(signers[2].images.map(\.name) == ["c/genuine/1.png", "c/genuine/2.png"])
        #expect(signers[2].forgeries.map(\.name) == ["c/forgery/1.png"])
        #expect { try PeopleFolder.identities(in: folder.appending("none")) } throws: {
            ($0 as? CommandFailure)?.status == .noInput
        }
    }
}
