// SPDX-License-Identifier: Apache-2.0

import Testing
import Wording

@Suite struct HexadecimalTextTests {
    @Test func everyByteHasTwoDigits() {
        #expect(HexadecimalText.of([0, 9, 10, 15, 16, 0x7F, 0xA0, 255]) == "00090a0f107fa0ff")
        #expect(HexadecimalText.of([UInt8]()) == "")
    }
}
