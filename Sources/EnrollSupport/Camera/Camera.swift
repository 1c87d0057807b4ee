// SPDX-License-Identifier: Apache-2.0

import CCapture
import Foundation

/// A camera behind a capture command. The pictures are in memory alone.
public struct Camera: Sendable {
    let command: CaptureCommand
    let user: CaptureUser

    public init(command: CaptureCommand, user: CaptureUser) {
        self.command = command
        self.user = user
    }

    /// Runs the command once and takes its pictures, the first of them first; there is at least one.
    ///
    /// - Parameters:
    ///   - milliseconds: how long it may take, if that is less than the command's own time.
    ///   - interruption: ends the command at once.
    /// - Throws: a failure that says what the command did.
    func take(within milliseconds: Int, _ interruption: Interruption) async throws(CommandFailure) -> [Data] {
        // No program but the command is begun meanwhile, and that one is left no descriptor.
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw CommandFailure(
                .internalError, name: "Internal",
                message: "no pipe to the capture command: \(String(cString: strerror(errno)))")
        }
        let (reader, writer) = (ends[0], ends[1])
        defer {
            close(reader)
            close(writer)
        }
        let limit = Int32(clamping: min(milliseconds, command.seconds * 1000))
        let taken = await interruption.ending(by: {
            var byte: UInt8 = 0
            _ = write(writer, &byte, 1)
        }) { () -> Result<[Data], CommandFailure> in
            await withCheckedContinuation { continuation in
                // One of its own: with the thread that begins it the command ends.
                Thread.detachNewThread {
                    continuation.resume(returning: take(within: limit, cancel: reader))
                }
            }
        }
        return try taken.get()
    }

    private func take(within milliseconds: Int32, cancel: Int32) -> Result<[Data], CommandFailure> {
        let words = command.words.map { strdup($0) }, name = strdup(user.name),
            picture = command.picture.map { strdup($0) }
        defer {
            for text in words + [name, picture ?? nil] { free(text) }
        }
        var why = [CChar](repeating: 0, count: 768), pictures: OpaquePointer?
        var identity = likeness_capture_identity(name: UnsafePointer(name), user: user.user, group: user.group)
        let outcome = (words + [nil]).withUnsafeBufferPointer { buffer in
            likeness_capture_take(
                words.isEmpty ? nil : buffer.baseAddress, picture ?? nil, &identity, UInt32(command.frames),
                milliseconds,
                cancel, &pictures, &why, why.count)
        }
        guard outcome == LIKENESS_CAPTURE_DONE, let pictures else {
            if outcome == LIKENESS_CAPTURE_CANCELLED { return .failure(Interruption.ended) }
            return .failure(
                CommandFailure(
                    .noInput, name: "CaptureFailed",
                    message:
                        "no picture was taken: \(CaptureCommand.text(why).trimmingCharacters(in: .whitespaces))"))
        }
        defer { likeness_pictures_free(pictures) }
        var frames: [Data] = [], length = 0
        while let file = likeness_picture(pictures, UInt32(frames.count), &length) {
            frames.append(Data(bytes: file, count: length))
        }
        return .success(frames)
    }
}
