// SPDX-License-Identifier: Apache-2.0

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
    /// The file system or the server does not offer what an acknowledged enrolment needs to survive a loss of power.
    case notDurable(path: String, reason: String)
    /// What names a database can be read neither as a URI nor as `keyword=value` pairs. It is not repeated: a password
    /// may be in it.
    case connectionMalformed
    /// The file with the database's password holds none.
    case passwordUnreadable(path: String)
    /// The database server does not answer, or stopped to.
    case unreachable(reason: String)
    /// The database server answers, and does not let the role do what a gallery needs.
    case refused(database: String, reason: String)
    /// The database or its server is not one that a gallery can be in.
    case unfit(database: String, reason: String)
    /// The database is held up by others for longer than is waited.
    case busy(reason: String)
    /// The certificate of the database server is none that is trusted, or of another host.
    case notTrusted(database: String, reason: String)
    /// The connection was lost while a change was being stored, and could not be made again to ask.
    case outcomeUnknown(reason: String)
    /// The gallery is encrypted, and no key is offered.
    case keyMissing(needed: String)
    /// The gallery is encrypted with another key than those offered.
    case keyWrong(needed: String, offered: [String])
    /// A key is offered, and the gallery is not encrypted.
    case notEncrypted(offered: String)
    /// The enrolled samples were embedded by one model, and another is offered.
    case madeWithAnotherModel(modality: Modality, made: ModelDescription, offered: ModelDescription, samples: Int)
    /// No model has been activated for the modality.
    case noActiveModel(Modality)
    /// An embedding is of another model, or another size, than the active generation's.
    case wrongEmbedding(reason: String)
    case noSuchIdentity(IdentityName)
    case noSuchSample(IdentityName, number: Int)
    case tooManySamples(IdentityName, limit: Int)
    /// The sample is the only one of its identity, which would be gone with it.
    case lastSample(IdentityName, number: Int)
    /// A sample is to be moved to the identity that it is of.
    case sameIdentity(IdentityName)
    /// A move would lock somebody out of an identity that is there already, who is locked out of the one that the
    /// sample is of for so many seconds more.
    case bringsLockOut(IdentityName, to: IdentityName, seconds: Int)
    /// The identity is enrolled already.
    case identityExists(IdentityName)
    /// The identity has samples of another modality.
    case modalityMismatch(IdentityName, enrolled: Modality, offered: Modality)
    /// Samples that a rotation would have to embed again were not kept.
    case rotationImpossible(identities: [IdentityName], count: Int)
    /// Samples that the model before has no embedding of, and that were not kept for it to make one.
    case rollbackLoses(identities: [IdentityName], count: Int, model: ModelDescription)
    /// The model that is to be rotated to is the active one.
    case modelIsActive(ModelDescription)
    /// A rotation of the modality is under way.
    case rotationRunning(Modality, model: ModelDescription)
    /// There is no generation of that number, or it is not in a state that allows what was asked.
    case noSuchGeneration(reason: String)
    /// There is no retired generation to go back to.
    case nothingToRollBack(Modality)
    /// Samples of a generation that is to be activated are not embedded yet.
    case notReembedded(samples: Int)
    /// A record does not hold what its table promises.
    case damagedRecord(String)
    /// Somebody else moved, replaced or changed the gallery's files while they were open. Nothing was changed, and
    /// nothing is until that is put right.
    case disturbed(path: String, GalleryDisturbance)
    /// The disk is full.
    case diskFull(path: String)
    /// The disk does not read or write.
    case diskFailed(path: String, reason: String)
    /// The process or the system may open no more files.
    case tooManyOpenFiles(path: String)
    /// The database refused or failed.
    case storage(code: String, reason: String)
    /// The database cannot do this; the text says what can.
    case notSupported(String)
    /// The gallery has been closed.
    case closed

    /// The most identities that ``rotationImpossible(identities:count:)`` names.
    public static let maximumNamedIdentities = 100
}

extension GalleryError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .inUse(let path):
            "the gallery “\(path)” is in use by another daemon; stop that one first, or name another gallery"
        case .cannotOpen(let path, let reason):
            "the gallery “\(path)” cannot be opened: \(reason); check the file's and its folder's owner and permissions, or name another file"
        case .notAGallery(let path, let reason):
            "“\(path)” is not a gallery: \(reason); name another, or restore it from a backup"
        case .newerSchema(let path):
            "the gallery “\(path)” was changed by a later version of likenessd; install that version"
        case .notDurable(let path, let reason):
            "the gallery “\(path)” would not survive a loss of power: \(reason); keep it where what is written stays written"
        case .unreachable(let reason):
            "the gallery's database server does not answer: \(reason); nothing was changed: check the server and try again"
        case .connectionMalformed:
            "the gallery's database cannot be understood; name it as postgresql://USER@HOST/DATABASE or as “host=HOST dbname=DATABASE user=USER”"
        case .passwordUnreadable(let path):
            "the password of the gallery's database cannot be read from “\(path)”: it has to be one line of text"
        case .refused(let database, let reason):
            "the gallery's database server refuses (\(database)): \(reason); check the user, the password file and the role's rights to the database"
        case .unfit(let database, let reason):
            "the database cannot hold the gallery (\(database)): \(reason)"
        case .busy(let reason):
            "the gallery's database is held up: \(reason); nothing was changed: try again"
        case .notTrusted(let database, let reason):
            "the gallery's database server cannot be told from another in its place (\(database)): \(reason); name the certificate of who vouches for it, as in sslrootcert=/etc/ssl/certs/ca-certificates.crt, and the host as that certificate does; sslmode=disable is for a network of your own alone"
        case .outcomeUnknown(let reason):
            "the connection to the gallery's database was lost while a change was being stored (\(reason)): it may be stored or not; look, when the server is there again, and ask again if it is not"
        case .keyMissing(let needed):
            "the gallery is encrypted with the key \(needed), and no key is given; hand it over as the credential likeness.gallery-key or name its file as gallery.key_file; nothing was touched"
        case .keyWrong(let needed, let offered):
            "the gallery is encrypted with the key \(needed), and \(offered.count == 1 ? "the key given is \(offered[0])" : "the keys given are \(offered.joined(separator: " and "))"); give the right one, as gallery.previous_key_file where the key is being replaced; nothing was touched"
        case .notEncrypted(let offered):
            "the gallery is not encrypted, and the key \(offered) is given: somebody may have put it in the place of one that is. If it never was, set gallery.accept_unencrypted = true, start again, encrypt it with `enroll gallery rekey` and take the setting out; nothing was touched"
        case .madeWithAnotherModel(let modality, let made, let offered, let samples):
            "the gallery's \(samples) \(modality.rawValue) sample\(samples == 1 ? " was" : "s were") embedded with the model \(made), and the loaded model is \(offered); their embeddings cannot be compared: bring the package of \(made.name) \(made.version) back (enroll model import), and change the model with `enroll rotate`"
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
        case .lastSample(let name, let number):
            "sample \(number) is the only sample of “\(name)”, which would be gone without it"
        case .sameIdentity(let name):
            "the sample is one of “\(name)” already"
        case .bringsLockOut(let name, let other, let seconds):
            "somebody who is locked out of “\(name)” for \(seconds) s more would be locked out of “\(other)” too, which takes a sample over"
        case .identityExists(let name):
            "“\(name)” is enrolled already; have it replaced or skipped, or remove it first"
        case .modalityMismatch(let name, let enrolled, let offered):
            "“\(name)” is enrolled with \(enrolled.rawValue) samples, and this is a \(offered.rawValue) sample; enrol it under another name"
        case .rotationImpossible(let identities, let count):
            "the images of the samples of \(count) identit\(count == 1 ? "y" : "ies") were not kept, so that another model cannot embed them; enrol these again with gallery.keep_samples = true, then rotate: \(identities.prefix(5).map(\.text).joined(separator: ", "))\(count > 5 ? " …" : "")"
        case .rollbackLoses(let identities, let count, let model):
            "samples of \(count) identit\(count == 1 ? "y" : "ies") were enrolled after the model \(model), and their images were not kept, so that it could not compare them any more; remove these first, and enrol them again afterwards: \(identities.prefix(5).map(\.text).joined(separator: ", "))\(count > 5 ? " …" : "")"
        case .modelIsActive(let model):
            "\(model) is the active model already"
        case .rotationRunning(let modality, let model):
            "a rotation of the modality “\(modality.rawValue)” to \(model) is under way; wait for it, or cancel it with `enroll rotate --cancel`"
        case .noSuchGeneration(let reason):
            "there is no such generation: \(reason)"
        case .nothingToRollBack(let modality):
            "there is no earlier generation of the modality “\(modality.rawValue)” to go back to; it was pruned, or the model was never rotated"
        case .notReembedded(let samples):
            "\(samples) sample\(samples == 1 ? " is" : "s are") not embedded by the new model yet; let the rotation go on first"
        case .damagedRecord(let what):
            "the gallery is damaged: \(what); see what else is with `enroll gallery check`, and repair it or restore it from a backup"
        case .disturbed(let path, let disturbance):
            disturbance.words(path: path)
        case .diskFull(let path):
            "the disk of the gallery “\(path)” is full; nothing was changed: make room and try again"
        case .diskFailed(let path, let reason):
            "the disk of the gallery “\(path)” fails: \(reason); see what the kernel says of it (journalctl -k) and try again; where it goes on, restore the gallery from a backup on another disk"
        case .tooManyOpenFiles(let path):
            "the gallery “\(path)” cannot be opened, because too many files are open; try again with fewer connections, or raise the limit (LimitNOFILE= of the service, ulimit -n)"
        case .storage(let code, let reason):
            "the gallery's database failed: \(reason) (code \(code)); nothing was changed: try again, and if it fails again check the disk and restore the gallery from a backup"
        case .notSupported(let reason):
            reason
        case .closed:
            "the gallery is closed, because the daemon is stopping; try again when it runs"
        }
    }
}
