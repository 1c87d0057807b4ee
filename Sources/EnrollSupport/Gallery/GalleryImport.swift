// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Wording

/// Enrols what an archive holds. Nothing is sent before the whole archive has been found to be as it was written.
public struct GalleryImport: Sendable {
    /// What happens to an identity whose name is enrolled already.
    public enum Existing: Sendable {
        case isRefused
        case isReplaced
        case isLeft
    }

    /// How often an identity is sent to a daemon that is busy, and how long is waited before the second time; each
    /// further wait is twice as long.
    private static let attempts = 6
    private static let firstWait = Duration.milliseconds(200)

    private let client: DaemonClient
    private let existing: Existing

    public init(client: DaemonClient, existing: Existing) {
        self.client = client
        self.existing = existing
    }

    /// Every identity is tried, and one that is refused leaves the others; a daemon that cannot be reached or does not
    /// allow this ends it.
    ///
    /// - Parameters:
    ///   - interruption: after it no further identity is sent.
    ///   - progress: is told how many identities of how many are done.
    public func run(
        _ path: String, interruption: Interruption = Interruption(), progress: (Int, Int) -> Void = { _, _ in }
    ) async throws(CommandFailure) -> ImportReport {
        do throws(ArchiveError) {
            let file = try ArchiveFile(path)
            var reader = try ArchiveReader(file)
            var total = 0
            while try reader.next() != nil { total += 1 }
            var report = ImportReport(
                file: EscapedBytes.printable(path), total: total, replacing: existing == .isReplaced)
            reader = try ArchiveReader(file)
            while report.ending == nil, let identity = try reader.next() {
                progress(report.done, total)
                do throws(CommandFailure) {
                    guard !interruption.isRequested else { throw Interruption.ended }
                    report.add(
                        try await interruption.step { () async throws(CommandFailure) in try await send(identity) })
                } catch {
                    report.add(error, of: identity.name)
                }
            }
            progress(report.done, total)
            return report
        } catch {
            throw CommandFailure(error).about(EscapedBytes.printable(path))
        }
    }

    private func send(_ identity: WireExportedIdentity) async throws(CommandFailure) -> ImportIdentity.Reply {
        let call = ImportIdentity(
            identity: identity, replace: existing == .isReplaced ? true : nil,
            skipExisting: existing == .isLeft ? true : nil)
        var wait = Self.firstWait
        for _ in 1..<Self.attempts {
            do throws(CommandFailure) {
                return try await client.call(call)
            } catch {
                guard error.name.hasSuffix(".Busy") else { throw error }
            }
            do {
                try await Task.sleep(for: wait)
            } catch {
                throw CommandFailure(error)
            }
            wait *= 2
        }
        return try await client.call(call)
    }
}

/// What became of the identities of an archive.
public struct ImportReport: Sendable, Encodable {
    /// An identity that was not taken.
    public struct Refusal: Sendable, Encodable {
        public let identity: String
        public let error: CommandFailure
    }

    /// How many refusals are told one by one.
    private static let most = 1000

    public let file: String
    /// Identities in the archive.
    public let total: Int
    public private(set) var imported = 0
    public private(set) var replaced = 0
    public private(set) var skipped = 0
    /// Samples that were embedded anew from their images.
    public private(set) var reembedded = 0
    public private(set) var refused = 0
    /// The first of them.
    public private(set) var refusals: [Refusal] = []
    /// Why not every identity was tried.
    public private(set) var ending: CommandFailure?

    var done: Int { imported + replaced + skipped + refused }

    /// Whether the import was to replace what is there, so that it can be done once more.
    private let replacing: Bool

    private enum CodingKeys: String, CodingKey {
        case file, total, imported, replaced, skipped, reembedded, refused, refusals, ending
    }

    init(file: String, total: Int, replacing: Bool = false) {
        self.file = file
        self.total = total
        self.replacing = replacing
    }

    mutating func add(_ reply: ImportIdentity.Reply) {
        switch reply.result {
        case .imported: imported += 1
        case .replaced: replaced += 1
        case .skipped: skipped += 1
        }
        reembedded += reply.reembedded
    }

    mutating func add(_ failure: CommandFailure, of identity: String) {
        switch failure.status {
        case .badData, .cannotCreate, .configuration, .usage:
            refused += 1
            if refusals.count < Self.most { refusals.append(Refusal(identity: identity, error: failure)) }
        default: ending = failure
        }
    }

    /// That of the first that was refused.
    public var status: CommandStatus { ending?.status ?? refusals.first?.error.status ?? .success }

    public var text: String {
        var parts = ["\(imported) imported"]
        if replaced > 0 { parts.append("\(replaced) replaced") }
        if skipped > 0 { parts.append("\(skipped) left as they were") }
        if refused > 0 { parts.append("\(refused) refused") }
        let embedded = reembedded > 0 ? "\(NumberText.count(reembedded, "sample")) embedded by the active model\n" : ""
        return "of \(NumberText.count(total, "identity", "identities")), \(parts.joined(separator: ", "))\n\(embedded)"
    }

    /// For standard error.
    public var complaints: String {
        let lines =
            refusals.map { $0.error.about($0.identity).line }.joined()
            + (refused > refusals.count ? "enroll: and \(refused - refusals.count) more are refused\n" : "")
        guard let ending else { return lines }
        return lines + ending.line
            + "enroll: \(total - done) of \(total) identities were not tried; go on with \(replacing ? "the same command" : "--skip-existing")\n"
    }
}
