// SPDX-License-Identifier: Apache-2.0

import CDecoder
import Glibc
import Imaging

/// A decoder that is kept warm for one thread: a process that reads strangers' files in this one's place, sees nothing but
/// them, and can be ended at any time.
///
/// A file that ends it, or that it is at for too long, costs its own request: another decoder takes its place.
public final class DecoderProcess {
    private let program: DecoderProgram
    /// What the memory is made for; no file may have more.
    private let limits: DecodingLimits
    /// Told of each decoder that ended over a picture.
    private let report: @Sendable (DecoderLoss) -> Void
    private let budget: @Sendable (ImageFormat) -> DecodingBudget
    private var running: Running?
    /// The format of the picture that was opened last.
    private var format = ImageFormat.png
    /// What the picture that was opened last is called.
    private var name = ""
    /// How many pictures were opened: one that was opened before the last is no longer there.
    private(set) var opened = 0

    private struct Running {
        let process: pid_t
        let socket: CInt
        let memory: SharedMemory
        /// What it has of the address space without any picture.
        var addressSpace: UInt64 = 0
        /// What it may have beside that.
        var allowed = -1
        /// Bytes of pixels that were written since memory was last given back.
        var touched = 0
        /// Whether libraries have kept memory in it that the next pictures would lack.
        var isSpent = false
    }

    /// How long starting a decoder may take, on a busy machine too.
    private static let startTime = Duration.seconds(20)
    /// What a decoder has beyond the time that decoding may take, to end in order.
    private static let graceTime = Duration.seconds(2)
    /// How often the caller's wish to stop is looked for.
    private static let askingMilliseconds: CInt = 20
    /// So much memory of pixels is kept for the next picture.
    private static let keptBytes = 32 << 20

    /// - Parameters:
    ///   - limits: no file that is opened may have more.
    ///   - report: called when a decoder ended otherwise than it should, on the thread that uses it.
    public convenience init(
        _ program: DecoderProgram, limits: DecodingLimits,
        report: @escaping @Sendable (DecoderLoss) -> Void = { _ in }
    ) {
        self.init(program, limits: limits, budget: { .of($0) }, report: report)
    }

    /// - Parameter budget: what each format may take; no more than its own.
    package init(
        _ program: DecoderProgram, limits: DecodingLimits,
        budget: @escaping @Sendable (ImageFormat) -> DecodingBudget,
        report: @escaping @Sendable (DecoderLoss) -> Void = { _ in }
    ) {
        self.budget = budget
        self.program = program
        self.limits = limits
        self.report = report
    }

    deinit {
        if let running { Self.end(running) }
    }

    /// The process that runs; nil where none does.
    package var processID: pid_t? { running?.process }

    /// Starts the decoder, unless it runs.
    ///
    /// - Throws: ``ImagingError/decoderUnavailable(reason:)`` where it cannot be started.
    public func start() throws(ImagingError) {
        if running == nil { running = try started() }
    }

    /// Opens a file as ``PictureFile/init(_:limits:shouldStop:)`` does. A picture that was opened before can be read no
    /// more.
    ///
    /// - Parameter name: what the picture is called where it is told of.
    /// - Throws: ``ImagingError`` that names what is wrong with the file, or that the decoder ended over it.
    public func open(
        _ file: [UInt8], name: String = "", shouldStop: @escaping () -> Bool = { false }
    ) throws(ImagingError) -> PictureFile {
        let format = try file.withUnsafeBufferPointer { bytes throws(ImagingError) in
            try ImageFormat(of: bytes, limits: limits)
        }
        replaceSpent()
        try start()
        giveMemoryBack()
        opened += 1
        self.name = name
        self.format = format
        limitMemory()
        file.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { running?.memory.file.copyMemory(from: start, byteCount: bytes.count) }
        }
        var request = likeness_decoder_request()
        request.kind = LIKENESS_DECODER_OPEN.rawValue
        request.file_bytes = UInt64(file.count)
        request.maximum_file_bytes = UInt64(limits.maximumFileBytes)
        request.maximum_pixels = UInt64(limits.maximumPixels)
        let (seconds, attoseconds) = limits.maximumTime.components
        request.maximum_milliseconds = UInt64(max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
        let reply = try answer(to: request, shouldStop: shouldStop)
        let width = Int(clamping: reply.width), height = Int(clamping: reply.height)
        // The decoder may be in a stranger's hands: what it says is held to the limits once more.
        guard (1...DecodingLimits.longestSide).contains(width), (1...DecodingLimits.longestSide).contains(height),
            width * height <= limits.maximumPixels
        else {
            throw ended("it told a size that it may not tell")
        }
        return PictureFile(
            RemoteReader(
                self, picture: opened, width: width, height: height, isReducible: reply.is_reducible != 0,
                endsLeft: reply.ends_left != 0, endsAbove: reply.ends_above != 0,
                pixels: SharedMemory.pixelsOffset(fileBytes: file.count), shouldStop: shouldStop))
    }

    /// Reads a part into the shared memory.
    func read(
        _ part: PicturePart, picture: Int, at offset: Int, shouldStop: () -> Bool
    ) throws(ImagingError) -> PixelMemory {
        guard picture == opened, let memory = running?.memory else {
            throw .decoderEnded(reason: "before all of the picture was read")
        }
        let bytes = part.region.count * MemoryLayout<RGB>.stride
        guard offset + bytes <= memory.count else {
            throw .decoderEnded(reason: "its memory is too small for the picture")
        }
        var request = likeness_decoder_request()
        request.kind = LIKENESS_DECODER_READ.rawValue
        request.factor = UInt32(part.factor)
        request.left = UInt64(part.region.left)
        request.top = UInt64(part.region.top)
        request.width = UInt64(part.region.width)
        request.height = UInt64(part.region.height)
        request.offset = UInt64(offset)
        let touched = running?.touched ?? 0
        running?.touched = max(touched, offset + bytes)
        _ = try answer(to: request, shouldStop: shouldStop)
        return PixelMemory(
            width: part.region.width, height: part.region.height,
            pixels: UnsafePointer((memory.start + offset).assumingMemoryBound(to: RGB.self)), owner: memory)
    }

    /// Holds the decoder to what the format may take.
    private func limitMemory() {
        guard let running else { return }
        let allowed = budget(format).memory(maximumPixels: limits.maximumPixels)
        guard running.allowed != allowed else { return }
        likeness_decoder_limit_memory(running.process, running.addressSpace + UInt64(allowed))
        self.running?.allowed = allowed
    }

    /// Pages of a large picture are given back before the next.
    private func giveMemoryBack() {
        guard let running, running.touched > Self.keptBytes else { return }
        likeness_decoder_release(running.memory.start + Self.keptBytes, running.touched - Self.keptBytes)
        self.running?.touched = 0
    }

    /// A library that forgets memory, over and over, would leave a warm decoder none for anybody's pictures.
    private func replaceSpent() {
        guard let running, running.isSpent else { return }
        Self.end(running)
        self.running = nil
    }

    // MARK: The process

    private func started() throws(ImagingError) -> Running {
        let memory = try SharedMemory(bytes: SharedMemory.size(for: limits))
        var sockets: [CInt] = [-1, -1]
        guard likeness_decoder_create_sockets(&sockets) == 0 else {
            throw .decoderUnavailable(reason: "it cannot be started: \(SharedMemory.reason(errno))")
        }
        var process: pid_t = 0
        let code = likeness_decoder_start(
            program.path, "\(limits.maximumPixels)", sockets[1], memory.descriptor, &process)
        close(sockets[1])
        guard code == 0 else {
            close(sockets[0])
            throw .decoderUnavailable(reason: "it cannot be started (\(program.path)): \(SharedMemory.reason(code))")
        }
        program.counters.noteStart()
        var running = Running(process: process, socket: sockets[0], memory: memory)
        guard let ready = Self.reply(of: running, within: Self.startTime, shouldStop: { false }) else {
            let reason = Self.end(running).flatMap(Self.words) ?? "it did not get ready"
            program.counters.noteEnd()
            throw .decoderUnavailable(reason: "it could not be started: \(reason)")
        }
        running.addressSpace = ready.address_space
        return running
    }

    private func answer(
        to request: likeness_decoder_request, shouldStop: () -> Bool
    ) throws(ImagingError) -> likeness_decoder_reply {
        guard let running else { throw .decoderEnded(reason: "before it was asked") }
        likeness_decoder_set_stop(running.memory.start, 0)
        let time = limits.maximumTime + Self.graceTime
        likeness_decoder_limit_processor(running.process, UInt64(processorSeconds(within: time)))
        let clock = ContinuousClock(), end = clock.now.advanced(by: time)
        guard Packets.send(request, to: running.socket),
            let reply = Self.reply(of: running, within: time, shouldStop: shouldStop)
        else {
            if clock.now >= end {
                self.running = nil
                Self.end(running)
                program.counters.noteKill()
                report(
                    DecoderLoss(
                        picture: name,
                        reason: "taking longer than \(limits.maximumTime.components.seconds) seconds"))
                throw .tookTooLong(limit: limits.maximumTime)
            }
            throw ended(nil)
        }
        if reply.is_spent != 0 { self.running?.isSpent = true }
        if let failure = ImagingError(reply) { throw failure }
        return reply
    }

    /// Two cores for as long as decoding may take, and no more than the format may have.
    private func processorSeconds(within time: Duration) -> Int {
        min(
            Int(time.components.seconds) * 2,
            budget(format).processorSeconds(maximumPixels: limits.maximumPixels))
    }

    /// Notes that the decoder is gone, or has to go.
    ///
    /// - Parameter reason: what it did; nil where its end tells.
    private func ended(_ reason: String?) -> ImagingError {
        var reason = reason ?? "without a reason", signal: CInt = 0
        if let running {
            let status = Self.end(running)
            reason = status.flatMap(Self.words) ?? reason
            signal = (status ?? 0) & 0x7F
            self.running = nil
        }
        program.counters.noteEnd()
        report(DecoderLoss(picture: name, reason: reason))
        guard signal == SIGXCPU else { return .decoderEnded(reason: reason) }
        let seconds = processorSeconds(within: limits.maximumTime + Self.graceTime)
        return .tooMuchWork(format: format, detail: "it takes more than \(seconds) seconds of the processor")
    }

    /// The next reply; nil where there will be none, or none in time.
    private static func reply(
        of running: Running, within time: Duration, shouldStop: () -> Bool
    ) -> likeness_decoder_reply? {
        let clock = ContinuousClock(), end = clock.now.advanced(by: time)
        var watched = pollfd(fd: running.socket, events: Int16(POLLIN), revents: 0)
        while clock.now < end {
            let ready = poll(&watched, 1, askingMilliseconds)
            if ready > 0 {
                return Packets.receive(
                    likeness_decoder_reply.self, empty: likeness_decoder_reply(), from: running.socket)
            }
            if ready < 0, errno != EINTR { return nil }
            if shouldStop() { likeness_decoder_set_stop(running.memory.start, 1) }
        }
        return nil
    }

    /// Ends the process, unless it has ended by itself.
    ///
    /// - Returns: how it ended by itself, as the system tells it.
    @discardableResult
    private static func end(_ running: Running) -> CInt? {
        close(running.socket)
        var status: CInt = 0
        // One that has ended may not have been noted by the kernel yet.
        for _ in 0..<50 {
            let hasEnded = likeness_decoder_has_ended(running.process, &status)
            if hasEnded > 0 { return status }
            if hasEnded < 0 { return nil }
            usleep(1000)
        }
        kill(running.process, SIGKILL)
        while likeness_decoder_has_ended(running.process, &status) == 0 { usleep(1000) }
        return nil
    }

    private static func words(for status: CInt) -> String? {
        let signal = status & 0x7F
        guard signal != 0 else {
            let code = (status >> 8) & 0xFF
            return code == 0 ? nil : "with the exit status \(code)"
        }
        return switch signal {
        case SIGKILL: "killed from outside, as it is when memory runs out"
        case SIGXCPU: "having used more of the processor than a picture may"
        case SIGSYS: "having asked the system for what a decoder may not have"
        default: "by the signal \(signal) (\(String(cString: strsignal(signal))))"
        }
    }
}

@available(*, unavailable)
extension DecoderProcess: Sendable {}

extension DecoderProcess: PictureReader {
    public func open(_ file: [UInt8], name: String) throws(ImagingError) -> PictureFile {
        try open(file, name: name) { false }
    }
}

/// Has a picture's parts read by a decoder.
private final class RemoteReader: PartReader {
    let width: Int
    let height: Int
    let isReducible: Bool
    let endsLeft: Bool
    let endsAbove: Bool
    private let decoder: DecoderProcess
    private let picture: Int
    /// Where the pixels begin.
    private let pixels: Int
    private let shouldStop: () -> Bool

    init(
        _ decoder: DecoderProcess, picture: Int, width: Int, height: Int, isReducible: Bool, endsLeft: Bool,
        endsAbove: Bool, pixels: Int, shouldStop: @escaping () -> Bool
    ) {
        self.decoder = decoder
        self.picture = picture
        self.width = width
        self.height = height
        self.isReducible = isReducible
        self.endsLeft = endsLeft
        self.endsAbove = endsAbove
        self.pixels = pixels
        self.shouldStop = shouldStop
    }

    func read(_ part: PicturePart, after kept: Int) throws(ImagingError) -> PixelMemory {
        try decoder.read(
            part, picture: picture, at: pixels + kept * MemoryLayout<RGB>.stride, shouldStop: shouldStop)
    }
}
