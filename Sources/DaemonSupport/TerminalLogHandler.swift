// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging

/// Writes log messages to standard error, a line each.
public struct TerminalLogHandler: LogHandler {
    /// The shared one, unless this handler was given its own.
    public var logLevel: Logger.Level {
        get { ownLevel ?? level.value }
        set { ownLevel = newValue }
    }
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let level: LogLevel
    private var ownLevel: Logger.Level?
    private let descriptor: Int32

    /// - Parameter descriptor: Where the lines go; standard error unless a test looks on.
    public init(label: String, descriptor: Int32 = STDERR_FILENO, level: LogLevel = LogLevel(.info)) {
        self.label = label
        self.level = level
        self.descriptor = descriptor
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        write(event.level, event.message.description, LogMetadata.merged(metadata, metadataProvider, event.metadata))
    }

    package func write(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) {
        let line = Array(Self.line(level, label: label, message, metadata, at: Date()).utf8)
        // One write a line, so that lines of several threads do not mix. A full or closed standard error is no
        // reason to stop verifying.
        line.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Foundation.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
                if count > 0 { offset += count } else if count == 0 || errno != EINTR { return }
            }
        }
    }

    /// `2026-01-31T12:00:00Z info likenessd: message key=value`, control and invisible format characters escaped,
    /// so that what a caller sent can neither write lines of its own nor turn one around.
    package static func line(
        _ level: Logger.Level, label: String, _ message: String, _ metadata: Logger.Metadata, at time: Date
    ) -> String {
        let pairs = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\(quoted("\($0.value)"))" }.joined()
        return "\(time.formatted(.iso8601)) \(level) \(label): \(escaped(message))\(pairs)\n"
    }

    private static func quoted(_ value: String) -> String {
        let escaped = escaped(value)
        return value.isEmpty || value.contains(where: { $0 == " " || $0 == "=" || $0 == "\"" })
            ? "\"\(escaped.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\""))\""
            : escaped
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: escaped += scalar.escaped(asASCII: true)
            // Those that turn the direction of writing would let a name rearrange the line. The zero-width joiner and
            // non-joiner belong to the spelling of several languages.
            case .format where scalar.value != 0x200C && scalar.value != 0x200D:
                escaped += scalar.escaped(asASCII: true)
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

/// How the metadata of a logger, of its provider and of one message come together.
enum LogMetadata {
    static func merged(
        _ own: Logger.Metadata, _ provider: Logger.MetadataProvider?, _ event: Logger.Metadata?
    ) -> Logger.Metadata {
        var merged = own
        if let provided = provider?.get() { merged.merge(provided) { $1 } }
        if let event { merged.merge(event) { $1 } }
        return merged
    }
}
