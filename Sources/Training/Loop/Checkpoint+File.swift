// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Wording

/// The file: eight bytes that say what it is, the format's version (4 bytes), the length of the header (8 bytes), the
/// header as JSON, the arrays' numbers in the header's order, and the SHA-256 of all that. Numbers are little-endian.
extension Checkpoint {
    static let magic = Array("LKNSCKPT".utf8)
    static let version = 1
    private static let historyPrefix = "history/"
    private static let fixedBytes = 20
    private static let digestBytes = 32
    /// Far more than the header of a long run; a larger one is damage.
    private static let maximumHeaderBytes = 1 << 30
    private static let maximumFileBytes = 16 << 30

    private struct Header: Codable {
        struct Array: Codable {
            let name: String
            let count: Int
        }

        let state: State
        let arrays: [Array]
    }

    /// Writes the checkpoint in one step.
    public func write(to path: String) throws(AtomicFile.Failure) {
        let arrays = arrays.merging(state.history.columns.map { (Self.historyPrefix + $0.key, $0.value) }) { $1 }
        let names = arrays.keys.sorted()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let header: [UInt8]
        do {
            header = Array(
                try encoder.encode(
                    Header(state: state, arrays: names.map { .init(name: $0, count: arrays[$0]?.count ?? 0) })))
        } catch {
            throw AtomicFile.Failure(path: path, reason: "a number in it is not finite (\(error))")
        }
        var start = Self.magic
        withUnsafeBytes(of: UInt32(Self.version).littleEndian) { start += $0 }
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { start += $0 }
        try AtomicFile.write(to: path) { (file) throws(AtomicFile.Failure) in
            try file.write(start + header)
            for name in names { try file.write(arrays[name] ?? []) }
            try file.write(Array(file.hash.finalize()))
        }
    }

    /// Reads a checkpoint and checks every byte of it.
    public static func read(_ path: String) throws(CheckpointError) -> Checkpoint {
        let data = try contents(of: path)
        guard data.count >= fixedBytes + digestBytes, data.prefix(magic.count).elementsEqual(magic) else {
            throw .foreign(path: path)
        }
        let content = data.prefix(data.count - digestBytes)
        guard SHA256.hash(data: content).elementsEqual(data.suffix(digestBytes)) else {
            throw .damaged(path: path, reason: "its digest is not that of its content")
        }
        let found = Int(integer(content, at: magic.count, as: UInt32.self))
        guard found == version else { throw .otherVersion(path: path, found: found, supported: version) }
        let length = integer(content, at: magic.count + 4, as: UInt64.self)
        guard length <= UInt64(min(maximumHeaderBytes, content.count - fixedBytes)) else {
            throw .damaged(path: path, reason: "its header would be longer than it")
        }
        let header: Header
        do {
            header = try JSONDecoder().decode(
                Header.self, from: content.subdata(in: fixedBytes..<fixedBytes + Int(length)))
        } catch {
            throw .damaged(path: path, reason: "its header cannot be read")
        }
        var arrays = try arrays(header, content, from: fixedBytes + Int(length), path: path)
        let isHistory = { (name: String) in name.hasPrefix(historyPrefix) }
        let columns = arrays.filter { isHistory($0.key) }.map {
            (String($0.key.dropFirst(historyPrefix.count)), $0.value)
        }
        arrays = arrays.filter { !isHistory($0.key) }
        var state = header.state
        guard state.history.takeSteps(Dictionary(uniqueKeysWithValues: columns)) else {
            throw .damaged(path: path, reason: "its history is not whole")
        }
        return Checkpoint(state: state, arrays: arrays)
    }

    private static func arrays(
        _ header: Header, _ content: Data, from start: Int, path: String
    ) throws(CheckpointError) -> [String: [Float]] {
        var offset = start
        var arrays: [String: [Float]] = [:]
        for array in header.arrays {
            let rest = (content.count - offset) / MemoryLayout<Float>.stride
            guard (0...rest).contains(array.count), arrays[array.name] == nil else {
                throw .damaged(path: path, reason: "it does not hold the numbers of “\(array.name)”")
            }
            let end = offset + array.count * MemoryLayout<Float>.stride
            arrays[array.name] = [Float](unsafeUninitializedCapacity: array.count) { buffer, count in
                content.copyBytes(to: buffer, from: offset..<end)
                count = array.count
            }
            offset = end
        }
        guard offset == content.count else { throw .damaged(path: path, reason: "more follows its numbers") }
        return arrays
    }

    private static func integer<Number: FixedWidthInteger>(_ data: Data, at offset: Int, as type: Number.Type) -> Number
    {
        var number: Number = 0
        withUnsafeMutableBytes(of: &number) { buffer in
            _ = data.copyBytes(to: buffer, from: offset..<offset + MemoryLayout<Number>.size)
        }
        return Number(littleEndian: number)
    }

    private static func contents(of path: String) throws(CheckpointError) -> Data {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            let size = try file.seekToEnd()
            guard size <= maximumFileBytes else { throw CheckpointError.foreign(path: path) }
            try file.seek(toOffset: 0)
            return try file.readToEnd() ?? Data()
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw .unreadable(path: path, reason: SystemReason.of(error))
        }
    }
}
