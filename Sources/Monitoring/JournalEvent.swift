// SPDX-License-Identifier: Apache-2.0

import Logging

/// Something that an administrator may meet in the journal. `journalctl -x` explains it: its entry in the journal has a
/// MESSAGE_ID, by which `systemd/likenessd.catalog` says what it means and what to do (systemd.journal-fields(7)).
///
/// An identifier is never used for anything else, and stays from version to version.
public enum JournalEvent: String, Sendable, CaseIterable {
    case ready
    case startFailed = "start_failed"
    case stopping
    case reloaded
    case reloadFailed = "reload_failed"
    case modelLost = "model_lost"
    case galleryDamaged = "gallery_damaged"
    case galleryDisturbed = "gallery_disturbed"
    case galleryRestored = "gallery_restored"
    case rotationActivated = "rotation_activated"
    case rotationFailed = "rotation_failed"
    case workerGivenUp = "worker_given_up"
    case decoderEnded = "decoder_ended"
    case selfCheckFailed = "self_check_failed"

    /// What carries an event's name to the handler of the log.
    public static let key = "event"

    /// To be logged with the words.
    public var metadata: Logger.Metadata { [Self.key: "\(rawValue)"] }

    /// The identifier of the event that an entry tells of.
    public static func messageID(in metadata: Logger.Metadata) -> String? {
        metadata[key].flatMap { JournalEvent(rawValue: "\($0)") }?.messageID
    }

    /// 32 hexadecimal digits.
    public var messageID: String {
        switch self {
        case .ready: "9bb9ac7b40c44476a7fa265aae603429"
        case .startFailed: "0a43ec29af834e02bdcdd72ad20c647d"
        case .stopping: "48a61585cc714bbfa9fe6f6f25a9e405"
        case .reloaded: "09bbc009bd51413f85e95b1de1f00a3f"
        case .reloadFailed: "726a2a47e4114288ab58f041dd3a0eae"
        case .modelLost: "69ab842d6e0543b3a9fe5ae14da42272"
        case .galleryDamaged: "e4e8b2b8b1644f63af2ddf76cfa1cec0"
        case .galleryDisturbed: "b1b568ca658c4179ba465c9db95953cc"
        case .galleryRestored: "71cce865109e416cb9c9dd6a93eb4032"
        case .rotationActivated: "b13f7ea142b641c3a29250a8c6d90f18"
        case .rotationFailed: "9e71d06c6d594ad591b1a46ed86366f5"
        case .workerGivenUp: "051842cee78b41f0bdc2cd8399fb8d96"
        case .decoderEnded: "7d06a706286c482ead24f09ab6a913c8"
        case .selfCheckFailed: "e54c14c0e4c740149a895316664293ff"
        }
    }
}
