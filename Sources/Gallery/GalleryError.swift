import Biometrics

/// Why a gallery cannot do what was asked.
public enum GalleryError: Error, Sendable, Hashable {
    /// Another process holds the gallery open.
    case inUse(path: String)
    /// The file cannot be opened or created.
    case cannotOpen(path: String, reason: String)
    /// The file is no gallery, or not a whole one any more.
    case notAGallery(path: String, reason: String)
    /// A later version of this program has changed the gallery.
    case newerSchema(path: String)
    /// The file system does not offer what an acknowledged enrolment needs to survive a loss of power.
    case notDurable(path: String, reason: String)
    /// The enrolled samples were embedded by one model, and another is offered.
    case madeWithAnotherModel(modality: Modality, made: ModelDescription, offered: ModelDescription, samples: Int)
    /// No model has been activated for the modality.
    case noActiveModel(Modality)
    /// An embedding is of another model, or another size, than the active generation's.
    case wrongEmbedding(reason: String)
    case noSuchIdentity(IdentityName)
    case noSuchSample(IdentityName, number: Int)
    case tooManySamples(IdentityName, limit: Int)
    /// The identity has samples of another modality.
    case modalityMismatch(IdentityName, enrolled: Modality, offered: Modality)
    /// A record does not hold what its table promises.
    case damagedRecord(String)
    /// The disk is full.
    case diskFull(path: String)
    /// SQLite refused or failed.
    case storage(code: Int32, reason: String)
    /// The gallery has been closed.
    case closed
}

extension GalleryError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .inUse(let path):
            "the gallery “\(path)” is in use by another daemon; stop that one first, or name another gallery"
        case .cannotOpen(let path, let reason):
            "the gallery “\(path)” cannot be opened: \(reason); check the file's and its folder's owner and permissions, or name another file"
        case .notAGallery(let path, let reason):
            "“\(path)” is not a gallery: \(reason); name another file, or restore it from a backup"
        case .newerSchema(let path):
            "the gallery “\(path)” was changed by a later version of likenessd; install that version"
        case .notDurable(let path, let reason):
            "the gallery “\(path)” would not survive a loss of power: \(reason); keep it on a local file system"
        case .madeWithAnotherModel(let modality, let made, let offered, let samples):
            "the gallery's \(samples) \(modality.rawValue) sample\(samples == 1 ? " was" : "s were") embedded with the model \(made), and the loaded model is \(offered); their embeddings cannot be compared: load \(made.name) \(made.version) again, or have the gallery re-embedded"
        case .noActiveModel(let modality):
            "the gallery has no active model for the modality “\(modality.rawValue)”"
        case .wrongEmbedding(let reason):
            "the embedding does not belong to the gallery's active model: \(reason)"
        case .noSuchIdentity(let name):
            "no identity is enrolled as “\(name)”"
        case .noSuchSample(let name, let number):
            "“\(name)” has no sample \(number)"
        case .tooManySamples(let name, let limit):
            "“\(name)” has \(limit) samples already, which is the most; remove one first"
        case .modalityMismatch(let name, let enrolled, let offered):
            "“\(name)” is enrolled with \(enrolled.rawValue) samples, and this is a \(offered.rawValue) sample; enrol it under another name"
        case .damagedRecord(let what):
            "the gallery is damaged: \(what); restore it from a backup"
        case .diskFull(let path):
            "the disk of the gallery “\(path)” is full; make room and try again"
        case .storage(let code, let reason):
            "the gallery's database failed: \(reason) (SQLite code \(code)); nothing was changed: try again, and if it fails again check the disk and restore the gallery from a backup"
        case .closed:
            "the gallery is closed, because the daemon is stopping; try again when it runs"
        }
    }
}
