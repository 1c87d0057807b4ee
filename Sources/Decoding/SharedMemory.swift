// SPDX-License-Identifier: Apache-2.0

import CDecoder
import Glibc
import Imaging

/// Memory that a decoder and its caller both see: a word that says whether to stop, the file, and behind it the pixels.
///
/// Its size is sealed, so that nobody can make it shrink under the other. Pages are taken as they are written.
final class SharedMemory {
    let descriptor: CInt
    let start: UnsafeMutableRawPointer
    let count: Int

    /// - Throws: ``ImagingError/decoderUnavailable(reason:)``.
    convenience init(bytes: Int) throws(ImagingError) {
        let memory = likeness_decoder_create_memory(bytes)
        guard memory >= 0 else {
            throw .decoderUnavailable(reason: "there is no memory to share: \(Self.reason(errno))")
        }
        do throws(ImagingError) {
            try self.init(descriptor: memory, bytes: bytes)
        } catch {
            close(memory)
            throw error
        }
    }

    /// What is behind a descriptor, which is the object's own from then on.
    init(descriptor: CInt, bytes: Int) throws(ImagingError) {
        guard let start = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0),
            start != MAP_FAILED
        else { throw .decoderUnavailable(reason: "memory cannot be shared: \(Self.reason(errno))") }
        self.descriptor = descriptor
        self.start = start
        count = bytes
    }

    deinit {
        munmap(start, count)
        close(descriptor)
    }

    static func reason(_ code: CInt) -> String { String(cString: strerror(code)) }

    /// Where a file's bytes lie.
    var file: UnsafeMutableRawPointer { start + Int(LIKENESS_DECODER_FILE_OFFSET) }

    /// Where pixels begin, behind a file of so many bytes.
    static func pixelsOffset(fileBytes: Int) -> Int {
        let page = 4096
        return (Int(LIKENESS_DECODER_FILE_OFFSET) + fileBytes + page - 1) / page * page
    }

    /// As much as the largest file needs with the largest picture, beside which a reduced one is kept.
    static func size(for limits: DecodingLimits) -> Int {
        pixelsOffset(fileBytes: limits.maximumFileBytes) + MemoryLayout<RGB>.stride
            * (limits.maximumPixels / 4 * 5 + 4096)
    }
}
