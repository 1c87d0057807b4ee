// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files beside a model that hold values of its tensors (ONNX's external data).
///
/// Only regular files in the model's own folder are read: a location is a plain name, never a path, and symbolic links
/// are not followed. All that is read together is bounded by ``NetworkLimits/maximumFileBytes``.
public final class ExternalTensorData {
    private let folder: String
    private var remaining = NetworkLimits.maximumFileBytes

    /// Whether anything was read.
    public var isUsed: Bool { remaining < NetworkLimits.maximumFileBytes }

    /// - Parameter folder: the folder of the model's file.
    public init(besideModelIn folder: String) {
        self.folder = folder
    }

    /// - Parameters:
    ///   - entries: `external_data` of a tensor: `location`, and perhaps `offset` and `length`.
    ///   - bytes: what the tensor's shape and type take; nil where its type is not read.
    func read(
        _ entries: [ONNXStringStringEntryProto], bytes: Int?, what: String
    ) throws(NetworkError) -> Data {
        var fields: [String: String] = [:]
        for entry in entries {
            guard fields.updateValue(entry.value, forKey: entry.key) == nil else {
                throw .malformedModel(reason: "\(what) states twice where it lies (“\(entry.key)”)")
            }
        }
        guard let location = fields["location"] else {
            throw .malformedModel(reason: "\(what) does not say in which file it lies")
        }
        guard !location.isEmpty, location != ".", location != "..", !location.contains("/"), !location.contains("\0")
        else {
            throw .unsupportedModel(
                reason: "\(what) lies in “\(location)”; only a file in the model's own folder is read")
        }
        guard let bytes else { return Data() }
        func number(_ key: String) throws(NetworkError) -> Int? {
            guard let text = fields[key] else { return nil }
            guard let value = Int(text), value >= 0 else {
                throw .malformedModel(reason: "\(what) states the \(key) “\(text)”")
            }
            return value
        }
        let offset = try number("offset") ?? 0
        if let length = try number("length"), length != bytes {
            throw .malformedModel(reason: "\(what) takes \(bytes) bytes, and \(length) are stated")
        }
        guard bytes <= remaining else {
            throw .tooLarge(
                what: "The data beside the model", bytes: NetworkLimits.maximumFileBytes - remaining + bytes,
                limit: NetworkLimits.maximumFileBytes)
        }
        remaining -= bytes
        return try read(location, offset: offset, count: bytes, what: what)
    }

    private func read(_ name: String, offset: Int, count: Int, what: String) throws(NetworkError) -> Data {
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else {
            throw .unsupportedModel(reason: "the folder “\(folder)” with the data of \(what) cannot be opened")
        }
        defer { close(directory) }
        // Without waiting, for what may be no file but a pipe.
        let file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            switch errno {
            case ENOENT:
                throw .unsupportedModel(
                    reason: "the file “\(name)”, where \(what) lies, is not beside the model; put it there")
            case ELOOP:
                throw .unsupportedModel(
                    reason:
                        "“\(name)” beside the model, where \(what) lies, is a symbolic link, which is not followed; "
                        + "put the file itself there")
            default:
                throw .unsupportedModel(
                    reason: "the file “\(name)” beside the model, where \(what) lies, cannot be opened: "
                        + String(cString: strerror(errno)))
            }
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unsupportedModel(reason: "“\(name)” beside the model, where \(what) lies, is no file")
        }
        let (end, overflows) = offset.addingReportingOverflow(count)
        guard !overflows, end <= Int(status.st_size) else {
            throw .malformedModel(
                reason: "\(what) needs \(count) bytes at \(offset) of “\(name)”, which has \(status.st_size)")
        }
        var data = Data(count: count)
        let isComplete = data.withUnsafeMutableBytes { buffer in
            var done = 0
            while done < count {
                let got = pread(file, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return false }
                done += got
            }
            return true
        }
        guard isComplete else {
            throw .unsupportedModel(reason: "the file “\(name)” beside the model cannot be read")
        }
        return data
    }
}
