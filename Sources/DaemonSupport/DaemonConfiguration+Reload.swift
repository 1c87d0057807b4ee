// SPDX-License-Identifier: Apache-2.0

extension DaemonConfiguration {
    /// Settings that are read at the start alone: where things are, and what was made by them there.
    package static let settingsAtStart: Set<String> = [
        "socket.path", "socket.mode", "socket.maximum_connections", "socket.maximum_connections_per_user",
        "socket.idle_seconds", "socket.maximum_message_bytes", "socket.maximum_buffered_bytes",
        "socket.maximum_buffered_bytes_per_user",
        "gallery.path", "gallery.database", "gallery.key_file", "gallery.previous_key_file",
        "gallery.accept_unencrypted", "gallery.keep_samples",
        "models.folder", "work.stop_seconds", "metrics.socket", "metrics.mode", "log.destination",
    ]

    /// This configuration as a reload may take it: with the values that another one has of the settings that are read
    /// at the start alone.
    ///
    /// - Parameter ignored: settings whose change is not told.
    /// - Returns: the configuration, and the names of those settings that differ.
    public func keepingSettingsAtStart(
        of started: DaemonConfiguration, ignoring ignored: Set<String> = []
    ) -> (configuration: DaemonConfiguration, changed: [String]) {
        var kept = self, changed: [String] = []
        for setting in Self.settings where Self.settingsAtStart.contains(setting.name) {
            guard setting.tomlText(in: self) != setting.tomlText(in: started) else { continue }
            _ = setting.store(setting.load(started), &kept)
            if !ignored.contains(setting.name) { changed.append(setting.name) }
        }
        return (kept, changed)
    }
}
