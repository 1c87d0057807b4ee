// SPDX-License-Identifier: Apache-2.0

import CDecoder
import Glibc
import Imaging
import Synchronization

/// The program that decodes pictures apart from its caller: `likeness-decode`.
public struct DecoderProgram: Sendable {
    public static let name = "likeness-decode"

    /// Where it lies.
    public let path: String
    /// What became of all decoders that were started.
    public let counters: DecoderCounters

    public init(path: String) {
        self.path = path
        counters = DecoderCounters()
    }

    /// The program beside the running one, or in the folder `libexec/likeness` of the same installation.
    ///
    /// - Throws: ``DecoderNotFound``.
    public static func find() throws(DecoderNotFound) -> DecoderProgram {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let own = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let places = ["\(folder)/\(name)", "\(folder)/../libexec/likeness/\(name)"]
        guard let path = places.first(where: { access($0, X_OK) == 0 }) else { throw DecoderNotFound(places: places) }
        return DecoderProgram(path: path)
    }
}

extension DecoderProgram: Hashable {
    public static func == (a: DecoderProgram, b: DecoderProgram) -> Bool { a.path == b.path }

    public func hash(into hasher: inout Hasher) { hasher.combine(path) }
}

/// The decoding program is not where it has to be.
public struct DecoderNotFound: Error, Sendable, Hashable, CustomStringConvertible {
    public let places: [String]

    public var description: String {
        "the program that decodes pictures is not there: neither \(places.joined(separator: " nor ")) can be run; install it with this program"
    }
}

/// What became of the decoders of a program.
public final class DecoderCounters: Sendable {
    private let startedCount = Atomic(0)
    private let endedCount = Atomic(0)
    private let killedCount = Atomic(0)

    /// How many were started.
    public var started: Int { startedCount.load(ordering: .relaxed) }
    /// How many ended over a picture.
    public var ended: Int { endedCount.load(ordering: .relaxed) }
    /// How many were ended because they took too long.
    public var killed: Int { killedCount.load(ordering: .relaxed) }

    /// How many are gone, either way.
    public var lost: Int { ended + killed }

    func noteStart() { startedCount.add(1, ordering: .relaxed) }
    func noteEnd() { endedCount.add(1, ordering: .relaxed) }
    func noteKill() { killedCount.add(1, ordering: .relaxed) }
}
