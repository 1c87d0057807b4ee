// SPDX-License-Identifier: Apache-2.0

import Decoding
import Glibc

// Started by likenessd and enroll with a socket and shared memory; for nobody else to start.
guard CommandLine.arguments.count == 2, let maximumPixels = Int(CommandLine.arguments[1]), maximumPixels > 0,
    var service = DecoderService(maximumPixels: maximumPixels)
else {
    exit(64)
}
service.run()
