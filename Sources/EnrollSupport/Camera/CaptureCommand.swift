// SPDX-License-Identifier: Apache-2.0

import CCapture
import Foundation

/// What takes pictures, as the PAM module has it: a program with its arguments, which is run without a shell, or a file.
public struct CaptureCommand: Sendable, Hashable {
    /// The configuration of the PAM module.
    public static let configurationPath = "/etc/likeness/pam.toml"

    /// One that takes three pictures by the first camera.
    public static let example =
        "/usr/bin/ffmpeg -v error -f v4l2 -i /dev/video0 -vf fps=4 -frames:v 3 -f image2pipe -c:v mjpeg -"

    /// The user who runs the PAM module's command, where the configuration names none.
    public static let usualUser = "likeness-capture"

    /// The program's absolute path and its arguments; empty where pictures are read from a file.
    public let words: [String]
    public let picture: String?
    /// Whom it runs as where root enrols: a user's name, or `%u` for the account that is called as the identity; nil
    /// where nobody says.
    public let user: String?
    /// How many pictures are taken at once, at the most.
    public let frames: Int
    /// How long that may take.
    public let seconds: Int

    /// What messages call it.
    public var name: String { words.first ?? picture ?? "" }

    /// The command of a configuration, which the module reads in the same way.
    ///
    /// - Throws: a failure that says which setting is missing, and how a command looks.
    public init(configuration path: String = Self.configurationPath) throws(CommandFailure) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Self.noCommand("there is no \(path)", path)
        }
        do throws(SettingsProblem) {
            try self.init(user: nil) { why, size in likeness_capture_settings_read(path, why, size) }
        } catch {
            throw Self.noCommand(error.reason, path)
        }
    }

    /// A command that was given in place of the configuration's: words with blanks between them or, as there, an array
    /// of texts in quotes.
    ///
    /// - Parameter user: as ``user``.
    public init(given text: String, user: String?) throws(CommandFailure) {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        let array =
            trimmed.hasPrefix("[")
            ? trimmed
            : "["
                + trimmed.split(whereSeparator: \.isWhitespace).map { Self.quoted(String($0)) }.joined(separator: ", ")
                + "]"
        do throws(SettingsProblem) {
            try self.init(user: .some(user)) { why, size in
                likeness_capture_settings_parse("capture = \(array)\ncapture_user = \"%u\"\n", why, size)
            }
        } catch {
            throw CommandFailure(
                .usage, name: "Usage",
                message:
                    "--capture takes a program's absolute path and its arguments, with blanks between them, or in quotes as in \(Self.configurationPath): [\"/usr/bin/program\", \"argument\"]; such as --capture '\(Self.example)'"
            )
        }
    }

    /// - Parameter given: in place of the user whom the settings name; nil for that one.
    private init(
        user given: String??, _ read: (_ why: UnsafeMutablePointer<CChar>, _ size: Int) -> OpaquePointer?
    ) throws(SettingsProblem) {
        var why = [CChar](repeating: 0, count: 512), found: OpaquePointer?
        why.withUnsafeMutableBufferPointer { buffer in
            found = buffer.baseAddress.flatMap { read($0, buffer.count) }
        }
        guard let found else { throw SettingsProblem(reason: Self.text(why)) }
        defer { likeness_capture_settings_free(found) }
        var words: [String] = []
        while let word = likeness_capture_word(found, words.count) { words.append(String(cString: word)) }
        self.words = words
        picture = likeness_capture_picture(found).map { String(cString: $0) }
        user = given ?? likeness_capture_user(found).map { String(cString: $0) }
        frames = Int(likeness_capture_frames(found))
        seconds = Int(likeness_capture_seconds(found))
    }

    private struct SettingsProblem: Error {
        let reason: String
    }

    private static func noCommand(_ reason: String, _ path: String) -> CommandFailure {
        CommandFailure(
            .configuration, name: "NoCaptureCommand",
            message:
                "no command that takes pictures is configured: \(reason); name one with --capture, such as --capture '\(example)', or set capture and capture_user in \(path)"
        )
    }

    private static func quoted(_ word: String) -> String {
        "\"" + word.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
    }

    static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
