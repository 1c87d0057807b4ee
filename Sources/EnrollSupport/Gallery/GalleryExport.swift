// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import Wording

/// Writes everything that is enrolled into an archive.
public struct GalleryExport: Sendable {
    private let client: DaemonClient

    public init(client: DaemonClient) {
        self.client = client
    }

    /// - Parameters:
    ///   - path: the file to make; there must be none of this name.
    ///   - progress: is told how many identities of how many are written.
    public func write(
        to path: String, progress: (Int, Int) -> Void = { _, _ in }
    ) async throws(CommandFailure) -> ExportReport {
        let generations = try await client.call(ListGenerations()).generations
        let writer = try ArchiveWriter(
            path, models: generations.filter { $0.state == .active }.map(\.model),
            created: Int(Date.now.timeIntervalSince1970))
        var damage = DamageList()
        try await client.follow(ExportGallery()) { reply in
            if let identity = reply.identity { try writer.add(identity) }
            damage.add(reply.damage)
            progress(reply.done, reply.total)
        }
        try writer.finish()
        return ExportReport(
            file: EscapedBytes.printable(path), bytes: writer.size, identities: writer.identities,
            samples: writer.samples, damaged: damage.count, damage: damage.first)
    }
}

/// What an export wrote, and what it had to leave out.
public struct ExportReport: Sendable, Encodable {
    public let file: String
    public let bytes: Int
    public let identities: Int
    public let samples: Int
    /// How much could not be read, and the first of it.
    public let damaged: Int
    public let damage: [WireDamage]

    public var status: CommandStatus { damaged == 0 ? .success : .badData }

    public var text: String {
        PrintableText.of(
            "\(NumberText.count(identities, "identity", "identities")) with \(NumberText.count(samples, "sample")) "
                + "are written to \(file), \(NumberText.bytes(bytes))")
            + "\nit holds faces, signatures and names in the clear: keep it where nobody else can read it, and delete it when it is not needed\n"
    }

    /// For standard error.
    public var complaints: String {
        guard damaged > 0 else { return "" }
        return DamageText.lines(damage, count: damaged)
            + "enroll: what is damaged is not in the archive; enroll gallery repair removes it from the gallery\n"
    }
}

/// The first of what is damaged, and how much there is.
struct DamageList {
    /// How many are told one by one.
    static let most = 1000

    private(set) var first: [WireDamage] = []
    private(set) var count = 0

    mutating func add(_ damage: [WireDamage]) {
        first += damage.prefix(max(0, Self.most - first.count))
        count += damage.count
    }
}
