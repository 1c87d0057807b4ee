import Foundation

extension GalleryError {
    /// What a failed call of the system means for the gallery's files.
    ///
    /// - Parameters:
    ///   - code: `errno`.
    ///   - what: the file, where it is not the gallery's own.
    static func system(_ code: Int32, path: String, what: String? = nil) -> GalleryError {
        switch code {
        case ENOSPC, EDQUOT: return .diskFull(path: path)
        case EMFILE, ENFILE: return .tooManyOpenFiles(path: path)
        default:
            let reason = (what.map { $0 + ": " } ?? "") + String(cString: strerror(code))
            return code == EIO ? .diskFailed(path: path, reason: reason) : .cannotOpen(path: path, reason: reason)
        }
    }
}

/// Files that are to outlast a loss of power.
enum DurableFile {
    /// Waits until the content of a file, or the names in a folder, are on the disk.
    static func sync(_ path: String, isFolder: Bool = false) throws(GalleryError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | (isFolder ? O_DIRECTORY : 0))
        guard descriptor >= 0 else { throw .system(errno, path: path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            // Some file systems know no sync of a folder, and need none.
            if isFolder, errno == EINVAL || errno == ENOTSUP { return }
            throw .system(errno, path: path)
        }
    }

    /// Waits until a file's name is on the disk.
    static func syncFolder(of path: String) throws(GalleryError) {
        let folder = (path as NSString).deletingLastPathComponent
        try sync(folder.isEmpty ? "." : folder, isFolder: true)
    }
}
