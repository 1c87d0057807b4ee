// SPDX-License-Identifier: Apache-2.0

import Decoding
import Imaging
import Logging
import Monitoring

extension ServiceConfiguration {
    /// Where pictures are decoded.
    ///
    /// - Parameter logger: told of each decoder that ends over a picture.
    func decoding(tellingOf logger: Logger) -> any PictureDecoding {
        guard let decoder else { return .local }
        return DecodingApart(decoder) { $0.tell(logger) }
    }
}

extension DecoderLoss {
    func tell(_ logger: Logger) {
        logger.error(
            "A decoder ended over a picture, \(reason); another takes its place",
            metadata: JournalEvent.decoderEnded.metadata)
    }
}
