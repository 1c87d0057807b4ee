// SPDX-License-Identifier: Apache-2.0

/// Numbers as they are written in arguments.
public enum NumberList {
    /// `127.5` or `104,117,123`; nil for anything else.
    public static func numbers(_ text: String) -> [Double]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let values = parts.compactMap { Double($0) }.filter(\.isFinite)
        return values.count == parts.count && values.count <= 4 ? values : nil
    }

    /// `112x96` or `112×96`, width first; nil for anything else.
    public static func size(_ text: String) -> (width: Int, height: Int)? {
        let parts = text.split(omittingEmptySubsequences: false) { "xX×".contains($0) }
        guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]), width > 0, height > 0 else {
            return nil
        }
        return (width, height)
    }
}
