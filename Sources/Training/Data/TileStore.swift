// SPDX-License-Identifier: Apache-2.0

import Crypto
import Files
import Foundation
import Wording

/// Prepared images in a file, so that a later run over the same images need not prepare them again.
///
/// A file holds records of one size: the key (32 bytes), SHA-256 over key and tile (32 bytes), and the tile. What was
/// cut off or damaged is prepared anew.
public struct TileStore: Sendable {
    typealias Key = [UInt8]
    private static let digestBytes = 32

    private let path: String
    private let preparation: String

    /// - Parameters:
    ///   - folder: is made if it is not there.
    ///   - preparation: what decides, beside an image itself, what its tile shows: the program, the preparation and its
    ///     settings. Each has a file of its own in the folder.
    /// - Throws: when the folder cannot be made, or the file in it cannot be written.
    public init(folder: String, preparation: String) throws(FileFailure) {
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw FileFailure(path: folder, code: errno) }
        let name = HexadecimalText.of(SHA256.hash(data: Array(preparation.utf8)).prefix(8))
        path = "\(folder)/prepared-\(name).tiles"
        self.preparation = preparation
        // Said now, and not after everything was prepared.
        close(try opened())
    }

    /// The key of an image's tile: its content, or what it is computed from, and its orientation.
    func key(of content: [UInt8], orientation: ImageOrientation) -> Key {
        var hash = SHA256()
        hash.update(data: Array("\(preparation)\u{0}\(orientation)\u{0}".utf8))
        hash.update(data: content)
        return Array(hash.finalize())
    }

    /// The tiles of a file, where they are found by their keys.
    struct Tiles: Sendable {
        fileprivate let bytes: Data
        fileprivate let offsets: [Key: Int]
        fileprivate let tileBytes: Int

        /// Nil where there is none, or it is damaged.
        subscript(key: Key) -> [UInt8]? {
            guard let offset = offsets[key] else { return nil }
            let tile = Array(bytes[offset + 2 * digestBytes..<offset + 2 * digestBytes + tileBytes])
            return TileStore.digest(key, tile) == Array(bytes[offset + digestBytes..<offset + 2 * digestBytes])
                ? tile : nil
        }
    }

    /// What the file holds; nothing where it cannot be read.
    func tiles(bytes tileBytes: Int) -> Tiles {
        let bytes = (try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)) ?? Data()
        let size = 2 * Self.digestBytes + tileBytes
        var offsets: [Key: Int] = [:]
        for number in 0..<bytes.count / size {
            let offset = number * size
            offsets[Array(bytes[offset..<offset + Self.digestBytes])] = offset
        }
        return Tiles(bytes: bytes, offsets: offsets, tileBytes: tileBytes)
    }

    /// Adds tiles of one size behind what other runs have added meanwhile.
    func add(_ tiles: some Sequence<(key: Key, tile: ArraySlice<UInt8>)>) throws(FileFailure) {
        var tiles = tiles.makeIterator()
        guard var next = tiles.next() else { return }
        let size = off_t(2 * Self.digestBytes + next.tile.count)
        let descriptor = try opened()
        defer { close(descriptor) }
        // Ends with the descriptor.
        guard flock(descriptor, LOCK_EX) == 0 else { throw failure() }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        // What was cut off within a record is written over.
        guard lseek(descriptor, status.st_size / size * size, SEEK_SET) >= 0 else { throw failure() }
        while true {
            try DurableFile.write(
                next.key + Self.digest(next.key, Array(next.tile)) + next.tile, to: descriptor, path: path)
            guard let following = tiles.next() else { return }
            next = following
        }
    }

    private func opened() throws(FileFailure) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure() }
        return descriptor
    }

    private func failure() -> FileFailure { FileFailure(path: path, code: errno) }

    private static func digest(_ key: Key, _ tile: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: key)
        hash.update(data: tile)
        return Array(hash.finalize())
    }
}
