// SPDX-License-Identifier: Apache-2.0

import CDecoder
import Glibc
import Imaging

/// The decoder's side: reads what lies in the shared memory until its caller closes the socket.
package struct DecoderService {
    private let memory: SharedMemory
    private let socket = CInt(LIKENESS_DECODER_SOCKET)
    /// The picture that was opened last.
    private var opened: (file: FileBytes, header: PictureHeader, limits: DecodingLimits)?

    /// What libraries may have kept of pictures before the decoder asks to be replaced: far less than the working memory.
    /// libheif 1.15 keeps the whole frame of an AVIF file whose colours it refuses.
    private static let keptBytes = 32 << 20

    /// The heap in use before the first picture, and taken from the system.
    private let ownHeap: Int
    private let ownTakenHeap: Int
    /// The address space that was taken before the first picture.
    private let addressSpace: UInt64

    /// Gives up all rights but to decode.
    ///
    /// - Returns: nil where there is nothing to serve, or where the rights cannot be given up.
    package init?(maximumPixels: Int) {
        let descriptor = CInt(LIKENESS_DECODER_MEMORY)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > Int(LIKENESS_DECODER_FILE_OFFSET),
            let memory = try? SharedMemory(descriptor: descriptor, bytes: Int(status.st_size))
        else { return nil }
        self.memory = memory
        // What a library opens, it opens now.
        PictureDecoder.prepare()
        Self.warmUp()
        var addressSpace: UInt64 = 0
        let most = DecodingBudget.mostMemory(maximumPixels: maximumPixels)
        guard likeness_decoder_confine(UInt64(most), &addressSpace) == 0 else { return nil }
        self.addressSpace = addressSpace
        ownHeap = likeness_decoder_heap()
        ownTakenHeap = likeness_decoder_taken_heap()
    }

    /// Has the runtime and the libraries make what they make once.
    private static func warmUp() {
        let picture = RGBImage(width: 16, height: 16, repeating: RGB(red: 9, green: 99, blue: 199))
        if let file = try? picture.jpegBytes(quality: 90) { _ = try? PictureFile(file).pixels(width: 3, height: 3) }
        if let file = try? picture.pngBytes() { _ = try? PictureFile(file).grayscale() }
    }

    /// Returns when the caller is gone.
    package mutating func run() {
        var ready = likeness_decoder_reply()
        ready.address_space = addressSpace
        guard Packets.send(ready, to: socket) else { return }
        while let request = Packets.receive(
            likeness_decoder_request.self, empty: likeness_decoder_request(), from: socket)
        {
            ready = likeness_decoder_reply()
            do throws(ImagingError) {
                if request.kind == LIKENESS_DECODER_OPEN.rawValue {
                    try open(request, &ready)
                } else {
                    try read(request)
                }
            } catch {
                error.write(to: &ready)
            }
            if isSpent { ready.is_spent = 1 }
            guard Packets.send(ready, to: socket) else { return }
        }
    }

    /// Whether so much of the memory is kept, in use or in holes between what is in use, that the next picture would lack
    /// it.
    private var isSpent: Bool {
        if likeness_decoder_heap() > ownHeap + Self.keptBytes { return true }
        guard likeness_decoder_taken_heap() > ownTakenHeap + Self.keptBytes else { return false }
        likeness_decoder_trim()
        return likeness_decoder_taken_heap() > ownTakenHeap + Self.keptBytes
    }

    private var shouldStop: () -> Bool {
        { [start = memory.start] in likeness_decoder_stops(start) != 0 }
    }

    private mutating func open(
        _ request: likeness_decoder_request, _ reply: inout likeness_decoder_reply
    )
        throws(ImagingError)
    {
        let limits = DecodingLimits(
            maximumFileBytes: Int(request.maximum_file_bytes), maximumPixels: Int(request.maximum_pixels),
            maximumTime: .milliseconds(request.maximum_milliseconds))
        opened = nil
        guard request.file_bytes <= UInt64(memory.count - Int(LIKENESS_DECODER_FILE_OFFSET)) else { throw .empty }
        let file = FileBytes(start: memory.file.assumingMemoryBound(to: UInt8.self), count: Int(request.file_bytes))
        let header = try PictureDecoder.header(of: file, limits: limits, shouldStop: shouldStop)
        opened = (file, header, limits)
        reply.width = UInt64(header.width)
        reply.height = UInt64(header.height)
        reply.is_reducible = header.isReducible ? 1 : 0
        reply.ends_left = header.endsLeft ? 1 : 0
        reply.ends_above = header.endsAbove ? 1 : 0
    }

    private func read(_ request: likeness_decoder_request) throws(ImagingError) {
        guard let (file, header, limits) = opened else { throw .empty }
        let region = PixelRegion(
            left: Int(request.left), top: Int(request.top), width: Int(request.width), height: Int(request.height))
        let offset = Int(request.offset)
        guard region.count > 0, offset + region.count * MemoryLayout<RGB>.stride <= memory.count else {
            throw .noPixels
        }
        let pixels = (memory.start + offset).assumingMemoryBound(to: RGB.self)
        try PictureDecoder.read(
            PicturePart(factor: Int(request.factor), region: region), of: file, header: header, limits: limits,
            into: pixels, shouldStop: shouldStop)
        if header.width * header.height > Self.trimmedAbove { likeness_decoder_trim() }
    }

    /// After a larger picture the heap is given back to the system.
    private static let trimmedAbove = 8_000_000
}
