// SPDX-License-Identifier: Apache-2.0

import Foundation
import Training

/// Generated signatures as files, a folder for each writer.
public enum SignatureFolder {
    /// Writes `FOLDER/writer-1/genuine/1.png` and so on, `forgery` beside `genuine`.
    ///
    /// - Returns: how many images there are.
    /// - Throws: a failure when the folder holds something, or a file cannot be written.
    public static func write(_ set: SyntheticSignatureSet, to folder: String) throws -> Int {
        let images = set.images, digits = String(set.writers).count
        _ = try OutputFolder(folder)
        for (place, image) in images.enumerated() {
            guard case .generated(_, _, let render) = image.source else { continue }
            let (writer, sample) = place.quotientAndRemainder(dividingBy: set.genuine + set.forgeries)
            let number = String(writer + 1), name = String(repeating: "0", count: digits - number.count) + number
            let own = "\(folder)/writer-\(name)/\(image.kind.rawValue)"
            do {
                try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
            } catch {
                throw CommandFailure(.cannotCreate, name: "CannotCreate", message: "\(own): the folder cannot be made")
            }
            let inKind = image.kind == .genuine ? sample : sample - set.genuine
            try OutputFile.write(try render().pngBytes(), to: "\(own)/\(inKind + 1).png")
        }
        return images.count
    }
}
