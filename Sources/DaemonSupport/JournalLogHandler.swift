// SPDX-License-Identifier: Apache-2.0

import CSystemd
import Logging

/// Writes log messages to the journal, their metadata as fields: `journalctl LIKENESS_UID=1000` finds them. An entry that
/// tells of an event has its MESSAGE_ID too, by which `journalctl -x` explains it.
public struct JournalLogHandler: LogHandler {
    /// The shared one, unless this handler was given its own.
    public var logLevel: Logger.Level {
        get { ownLevel ?? level.value }
        set { ownLevel = newValue }
    }
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let level: LogLevel
    private let messageID: @Sendable (Logger.Metadata) -> String?
    private var ownLevel: Logger.Level?
    /// For an entry that the journal does not take.
    private var fallback: TerminalLogHandler

    /// - Parameter messageID: finds the identifier that belongs to an entry by its metadata; nil where it has none.
    public init(
        label: String, level: LogLevel = LogLevel(.info),
        messageID: @escaping @Sendable (Logger.Metadata) -> String? = { _ in nil }
    ) {
        self.label = label
        self.level = level
        self.messageID = messageID
        fallback = TerminalLogHandler(label: label)
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let metadata = LogMetadata.merged(metadata, metadataProvider, event.metadata)
        var fields = JournalFields()
        fields.append("MESSAGE", event.message.description)
        fields.append("PRIORITY", "\(JournalFields.priority(of: event.level))")
        fields.append("SYSLOG_IDENTIFIER", label)
        fields.append("CODE_FILE", event.file)
        fields.append("CODE_LINE", "\(event.line)")
        fields.append("CODE_FUNC", event.function)
        if let messageID = messageID(metadata) { fields.append("MESSAGE_ID", messageID) }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            fields.append(JournalFields.name(of: key), "\(value)")
        }
        if Self.send(fields) < 0 { fallback.write(event.level, event.message.description, metadata) }
    }

    private static func send(_ fields: JournalFields) -> Int32 {
        fields.text.withUnsafeBufferPointer { text in
            text.withMemoryRebound(to: CChar.self) { text in
                likeness_journal_send(text.baseAddress, fields.offsets, fields.lengths, Int32(fields.offsets.count))
            }
        }
    }
}
