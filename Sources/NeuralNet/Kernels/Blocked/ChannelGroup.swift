// SPDX-License-Identifier: Apache-2.0

/// One or two blocks of output channels that are computed together.
package struct ChannelGroup {
    package let block: Int
    package let isPair: Bool
    /// The first channel.
    package var channel: Int { block * BlockedShape.lanes }
    package var lanes: Int { isPair ? 2 * BlockedShape.lanes : BlockedShape.lanes }
}

/// Output channels in pairs of blocks, with a single one at the end where their number is odd.
package struct ChannelGroups: Sequence, IteratorProtocol {
    private let blocks: Int
    private var block: Int

    /// - Parameter part: of the groups.
    package init(_ channels: Int, part: WorkPart = .whole) {
        let all = BlockedShape.blocks(channels)
        let groups = part.range(of: (all + 1) / 2)
        block = 2 * groups.lowerBound
        blocks = Swift.min(2 * groups.upperBound, all)
    }

    /// Of those that are left.
    package var count: Int { (blocks - block + 1) / 2 }

    /// The blocks of those that are left.
    package var allBlocks: Range<Int> { block..<Swift.max(block, blocks) }

    package mutating func next() -> ChannelGroup? {
        guard block < blocks else { return nil }
        let group = ChannelGroup(block: block, isPair: block + 1 < blocks)
        block += 2
        return group
    }
}
