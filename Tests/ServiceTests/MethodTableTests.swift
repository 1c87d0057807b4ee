// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import LikenessInterface
import Service
import Testing
import Varlink

/// Each method of both interfaces: who may call it, what a stop does to it, and what the journal and the audit log get.
@Suite struct MethodTableTests {
    private typealias Fields = [String: JSONValue]

    @Test func `the table has every method of the interfaces once`() throws {
        let described = try [InterfaceDescriptions.verification, InterfaceDescriptions.admin].flatMap { text in
            let interface = try InterfaceDescription(parsing: text)
            return interface.methods.map { "\(interface.name).\($0)" }
        }
        #expect(described.sorted() == MethodTable.rows.map(\.name).sorted())
    }

    @Test(arguments: MethodTable.rows) func `a method states what the table says`(_ row: MethodRow) throws {
        let rules = try #require(LikenessMethods.all.first { $0.name == row.name }).rules
        #expect(rules.role == row.role)
        #expect(rules.isLogged == (row.told != nil))
        let stop: MethodRules.Stop =
            switch row.whileStopping {
            case .answered: .answers
            case .refused: .refuses
            case .refusedToBegin: .refusesTheBeginning
            }
        #expect(rules.stop == stop)
        switch rules.audit {
        case .never: #expect(row.enteredWithComparisons.isEmpty)
        // A repair enters what it removes, which in the table is nothing.
        case .withTheChange: #expect(!row.entered.isEmpty || row.method == "RepairGallery")
        case .beforeTheReply: #expect(!row.entered.isEmpty)
        case .whereConfigured: #expect(row.entered.isEmpty && !row.enteredWithComparisons.isEmpty)
        }
    }

    @Test(arguments: [InterfaceDescriptions.verification, InterfaceDescriptions.admin])
    func `the descriptions tell the role of every method`(_ text: String) throws {
        let interface = try InterfaceDescription(parsing: text)
        var comment: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("#") { comment.append(line) }
            if line.hasPrefix("method ") {
                let method = line.dropFirst(7).prefix { $0 != "(" }
                let row = try #require(MethodTable.rows.first { $0.name == "\(interface.name).\(method)" })
                #expect(comment.contains("# Role: \(row.role.rawValue)."), "\(method)")
            }
            if !line.hasPrefix("#") { comment = [] }
        }
    }

    /// Parameters with which each method succeeds.
    private func parameters(of row: MethodRow) throws -> Fields {
        switch row.method {
        case "Enroll": ["identity": .string("alice"), "image": .string(try Pictures.base64(person: 1, picture: 1))]
        case "EnrollSamples":
            [
                "identity": .string("alice"),
                "images": .array(try [7, 8].map { .string(try Pictures.base64(person: 1, picture: $0)) }),
            ]
        case "CheckSample":
            ["identity": .string("alice"), "image": .string(try Pictures.base64(person: 1, picture: 9))]
        case "MoveSample":
            ["identity": .string("alice"), "sample": .int(2), "to": .string("bob"), "create": .bool(true)]
        case "Verify": ["identity": .string("alice"), "image": .string(try Pictures.base64(person: 1, picture: 2))]
        case "VerifyFrames":
            [
                "identity": .string("alice"),
                "images": .array([.string(try Pictures.base64(person: 1, picture: 6))]),
            ]
        case "Identify", "IdentifyAll", "Detect": ["image": .string(try Pictures.base64(person: 1, picture: 3))]
        case "Compare":
            [
                "first": .string(try Pictures.base64(person: 1, picture: 4)),
                "second": .string(try Pictures.base64(person: 1, picture: 5)),
            ]
        case "Describe", "Unlock", "Remove": ["identity": .string("alice")]
        case "ImportIdentity": ["identity": .object(try traveller())]
        case "RotateModel": ["model": .string("2"), "max_drop": .double(1)]
        default: [:]
        }
    }

    private func traveller() throws -> Fields {
        let sample: Fields = [
            "number": .int(1), "enrolled": .int(1), "image": .string(try Pictures.base64(person: 9, picture: 1)),
            "kind": .string("crop"), "width": .int(32), "height": .int(32),
            "original": .string(String(repeating: "0", count: 64)), "measurements": .array([]),
            "embeddings": .array([]),
        ]
        return [
            "name": .string("traveller"), "modality": .string("face"), "enrolled": .int(1), "updated": .int(1),
            "samples": .array([.object(sample)]),
        ]
    }

    private func entries(of gallery: SQLGallery) async throws -> [AuditEntry] {
        try await gallery.auditTrail(AuditQuery(limit: 1000, newestFirst: false))
    }

    @Test(arguments: [false, true])
    func `each call is told and entered as the table says`(comparisonsAreAudited: Bool) async throws {
        let first = try PixelModel(version: 1), second = try PixelModel(version: 2), slow = try PixelModel(version: 3)
        var options = SQLGallery.Options()
        let key: WrappingKey = try #require(WrappingKey(bytes: Array(repeating: 7, count: WrappingKey.byteCount)))
        options.keys = WrappingKeys(current: key)
        try await TestServer.run(
            [first], rotatingTo: [second, slow], options: options,
            configure: {
                $0.auditsComparisons = comparisonsAreAudited
                $0.journalNamesPeople = true
            }
        ) { server in
            let caller = try await server.connect()
            for row in MethodTable.rows {
                if row.method == "CancelRotation" {
                    slow.valve.close()
                    _ = try await caller.beginRotation("3", maxDrop: 1)
                    try await eventually { slow.valve.prepared > 0 }
                }
                let toldBefore = server.journal.entries.count, enteredBefore = try await entries(of: server.gallery)
                async let isOpened: Void = {
                    try await Task.sleep(for: .milliseconds(50))
                    slow.valve.open()
                }()
                let replies = try caller.client.stream(row.name, try parameters(of: row), returning: Fields.self)
                for try await _ in replies {}
                try await isOpened
                // The journal is told when the reply is on its way.
                try await eventually {
                    row.told == nil || server.journal.entries.dropFirst(toldBefore).contains { $0.isOf(row) }
                }
                let told = server.journal.entries.dropFirst(toldBefore).filter { $0.isOf(row) }
                #expect(told.count == (row.told == nil ? 0 : 1), "\(row.method)")
                if let result = row.told {
                    #expect(told.first?.metadata["result"]?.hasPrefix(result) == true, "\(row.method): \(told)")
                    #expect(told.first?.level == .info)
                    #expect(told.first?.message == "\(row.method) is answered")
                    #expect(told.first?.metadata["uid"] == "\(geteuid())")
                }
                #expect(told.first?.metadata["identity"] == row.about, "\(row.method)")
                let entered = try await entries(of: server.gallery).dropFirst(enteredBefore.count)
                #expect(
                    entered.map(\.action) == (comparisonsAreAudited ? row.enteredWithComparisons : row.entered),
                    "\(row.method)")
                #expect(entered.allSatisfy { $0.actor?.user == geteuid() }, "\(row.method)")
            }
            // Calls of Verification alone are counted.
            let own = MethodTable.rows.count { $0.interface == "Verification" }
            #expect(try await caller.status().requests == own)
        }
    }

    @Test func `a service that stops refuses what the table says, before it looks at what was sent`() async throws {
        try await TestServer.run([PixelModel()], rotatingTo: [PixelModel(version: 2)]) { server in
            let caller = try await server.connect()
            await server.service.drain()
            func refuses(_ row: MethodRow, _ parameters: Fields) async -> Bool {
                do {
                    _ = try await caller.client.call(row.name, parameters, returning: Fields.self)
                } catch {
                    return (error as? VarlinkError)?.shortName == "Busy" && "\(error)".contains("stopping")
                }
                return false
            }
            for row in MethodTable.rows {
                #expect(await refuses(row, [:]) == (row.whileStopping == .refused), "\(row.method)")
                guard row.whileStopping == .refusedToBegin else { continue }
                #expect(await refuses(row, try parameters(of: row)), "\(row.method)")
            }
        }
    }

    @Test(arguments: MethodTable.rows)
    func `the role is looked at before the parameters, and a parameter that is missing is named`(
        _ row: MethodRow
    ) async throws {
        // Every role that does not include the one that is needed, all at once.
        let others = Role.allCases.filter { !$0.includes(row.role) }
        let holder = AccessHolders(users: [PeerCaller.stranger.userID])
        let policy = AccessPolicy(roles: Dictionary(uniqueKeysWithValues: others.map { ($0, holder) }))
        try await TestServer.run([PixelModel()], configure: { $0.access = policy }) { server in
            let error = try await errorReply { try await PeerCaller(server.service).call(row.name, Fields()) }
            #expect(error == .permissionDenied)
            #expect(server.journal.entries.last?.metadata["result"] == "PermissionDenied")
            #expect(server.journal.entries.last?.level == .warning)
        }
        try await TestServer.run([PixelModel()], configure: { $0.access = .stranger(row.role) }) { server in
            do {
                _ = try await PeerCaller(server.service).call(row.name, Fields())
                #expect(row.missing == nil)
            } catch let error as VarlinkError {
                #expect(error != .permissionDenied)
                guard let missing = row.missing else {
                    return #expect(!error.name.hasSuffix("InvalidParameter"), "\(error)")
                }
                #expect(error == .invalidParameter(missing))
                let told = try #require(server.journal.entries.last)
                #expect(told.isOf(row) && told.level == .notice && told.metadata["result"] == "InvalidParameter")
            }
        }
    }

    @Test(arguments: MethodTable.rows)
    func `parameters that are no object are refused where there are any to read`(_ row: MethodRow) async throws {
        try await TestServer.run([PixelModel()]) { server in
            let caller = try await server.connect()
            func isRefused(_ parameters: some Encodable & Sendable) async -> Bool {
                do {
                    _ = try await caller.client.call(row.name, parameters, returning: Fields.self)
                } catch {
                    return error as? VarlinkError == .invalidParameter("parameters")
                }
                return false
            }
            #expect(await isRefused(5) == row.hasParameters)
            #expect(await isRefused(Int?.none) == row.hasParameters)
            #expect(await isRefused(["word"]) == row.hasParameters)
        }
    }
}

extension Journal.Entry {
    fileprivate func isOf(_ row: MethodRow) -> Bool { metadata["method"] == row.method }
}
