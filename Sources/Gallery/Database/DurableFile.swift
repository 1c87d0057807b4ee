import Foundation

/// Files that are to outlast a loss of power.
enum DurableFile {
    /// Waits until the content of a file is on the disk.
    static func sync(_ path: String) throws(GalleryError) {
        try sync(path, of: path, isFolder: false)
    }

    /// Waits until a file's name is on the disk.
    static func syncFolder(of path: String) throws(GalleryError) {
        let folder = (path as NSString).deletingLastPathComponent
        try sync(folder.isEmpty ? "." : folder, of: path, isFolder: true)
    }

    private static func sync(_ file: String, of path: String, isFolder: Bool) throws(GalleryError) {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | (isFolder ? O_DIRECTORY : 0))
        guard descriptor >= 0 else {
            // One that this user may not list is left to the system.
            if isFolder, errno == EACCES { return }
            throw .system(errno, path: path)
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            // Some file systems know no sync of a folder, and need none.
            if isFolder, errno == EINVAL || errno == ENOTSUP { return }
            throw .system(errno, path: path)
        }
    }
}
