// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness
import Testing

/// The wire, spoken by a Varlink client that this project did not write (PyPI's varlink).
@Suite(
    .serialized,
    .enabled(
        if: Material.isPresent && TestEnvironment.python != nil,
        "needs LIKENESS_PYTHON and the data sets; scripts/test sets them"))
struct ThirdPartyClientTests {
    private static func varlink(_ arguments: String...) async throws -> CommandResult {
        try await Command.run(try #require(TestEnvironment.python), ["-m", "varlink.cli"] + arguments)
    }

    @Test func `it introspects the daemon and gets the interface files verbatim`() async throws {
        let daemon = try await Material.startedDaemon()
        let info = try await Self.varlink("info", "unix:\(daemon.socket)")
        #expect(info.status == 0, "\(info.errors)")
        for interface in ["org.varlink.service", "io.likeness.Verification", "io.likeness.Admin"] {
            #expect(info.output.contains(interface))
        }
        let help = try await Self.varlink("help", "unix:\(daemon.socket)/io.likeness.Verification")
        #expect(help.status == 0, "\(help.errors)")
        #expect(help.output.contains("method Verify("))
    }

    @Test func `it enrols and verifies a person`() async throws {
        let daemon = try await Material.startedDaemon()
        func call(_ method: String, _ face: String) async throws -> [String: Any] {
            let image = try Data(contentsOf: URL(fileURLWithPath: face)).base64EncodedString()
            let result = try await Self.varlink(
                "call", "unix:\(daemon.socket)/io.likeness.Verification.\(method)",
                #"{"identity": "alice", "image": "\#(image)"}"#)
            return try result.json()
        }
        #expect(try await call("Enroll", Material.face(3, 1))["sample"] as? Int == 1)
        #expect(try await call("Verify", Material.face(3, 2))["result"] as? String == "match")
        #expect(try await call("Verify", Material.face(4, 2))["result"] as? String == "no_match")
    }

    @Test func `it finds the faces of a picture, compares two, and identifies those of a group`() async throws {
        let daemon = try await Material.startedDaemon()
        func call(_ method: String, _ parameters: [String: Any]) async throws -> [String: Any] {
            let text = String(decoding: try JSONSerialization.data(withJSONObject: parameters), as: UTF8.self)
            let result = try await Self.varlink(
                "call", "unix:\(daemon.socket)/io.likeness.Verification.\(method)", text)
            return try result.json()
        }
        func image(_ person: Int, _ number: Int) throws -> String {
            try Data(contentsOf: URL(fileURLWithPath: Material.face(person, number))).base64EncodedString()
        }
        for person in [3, 5] {
            _ = try await call("Enroll", ["identity": "person \(person)", "image": try image(person, 1)])
        }
        let group = Data(try Material.row([(3, 2), (7, 2), (5, 2)]).pngBytes()).base64EncodedString()

        let found = try await call("Detect", ["image": group])
        let faces = try #require(found["faces"] as? [[String: Any]])
        #expect(found["found"] as? Int == 3 && faces.count == 3 && found["width"] as? Int == 3 * 92)
        #expect((found["refusal"] as? String)?.contains("3 faces") == true)
        #expect(faces.allSatisfy { $0["acceptable"] as? Bool == true && ($0["landmarks"] as? [Any])?.count == 5 })
        let places = faces.compactMap { face in
            ((face["box"] as? [String: Any])?["left"] as? NSNumber).map { Int(($0.doubleValue + 46) / 92) }
        }
        #expect(Set(places) == [0, 1, 2])

        let same = try await call("Compare", ["first": try image(4, 1), "second": try image(4, 2)])
        #expect(same["result"] as? String == "match")
        let other = try await call("Compare", ["first": try image(4, 1), "second": try image(7, 2)])
        #expect(other["result"] as? String == "no_match")
        #expect((((other["second"] as? [String: Any])?["measurements"]) as? [Any])?.isEmpty == false)

        let known = try await call("IdentifyAll", ["image": group, "false_positive_identification_rate": 0.01])
        #expect(known["result"] as? String == "match" && known["found"] as? Int == 3)
        let names = try #require(known["faces"] as? [[String: Any]]).compactMap { face -> String? in
            guard face["result"] as? String == "match" else { return nil }
            return (face["nearest"] as? [String: Any])?["identity"] as? String
        }
        #expect(Set(names) == ["person 3", "person 5"] && names.count == 2)
        let rate = try #require(known["false_positive_identification"] as? [String: Any])
        #expect(rate["references"] as? Int == 2)
        #expect(try #require(rate["rate"] as? NSNumber).doubleValue <= 0.01)
    }
}
