// SPDX-License-Identifier: Apache-2.0

import Testing
import Varlink

@Suite("Shares of connections and bytes")
struct SharesTests {
    private func fill(
        _ shares: inout ConnectionShares, _ user: UInt32, _ standing: PeerStanding = .admitted
    ) -> [ConnectionShares.Slot] {
        var slots: [ConnectionShares.Slot] = []
        while let slot = shares.enter(user, standing) {
            guard slot.terms == .served else {
                shares.leave(slot)
                break
            }
            slots.append(slot)
        }
        return slots
    }

    @Test("A user who takes all that one may have leaves the others theirs, and is told so")
    func perUser() {
        var shares = ConnectionShares(limit: 64, limitPerUser: nil)
        // Two are told at a time; one more is turned away without an answer.
        let own = fill(&shares, 1), terms = (0..<3).map { _ in shares.enter(1, .admitted)?.terms },
            others = fill(&shares, 2)
        #expect(own.count == 16 && others.count == 16)
        #expect(terms == [.refused(.connectionsOfUser(limit: 16)), .refused(.connectionsOfUser(limit: 16)), nil])
    }

    @Test("Users together leave places for root, for those without a role and for telling who is refused")
    func reserved() {
        var shares = ConnectionShares(limit: 64, limitPerUser: 40)
        var admitted = 0
        for user in UInt32(1)...4 { admitted += fill(&shares, user).count }
        #expect(admitted == 64 - 3 * 4)
        let terms = [
            shares.enter(5, .admitted)?.terms, shares.enter(6, .unknown)?.terms, shares.enter(0, .privileged)?.terms,
        ]
        #expect(terms == [.refused(.connections(limit: 52)), .answeredOnce, .served])
    }

    @Test("Those without a role get a few places, one of them no more than half of these, and take none of the others'")
    func unknown() {
        var shares = ConnectionShares(limit: 64, limitPerUser: nil)
        let slots = (0..<10).compactMap { _ in shares.enter(9, .unknown) }
        let others = (0..<10).compactMap { _ in shares.enter(8, .unknown) }, third = shares.enter(7, .unknown),
            admitted = fill(&shares, 1)
        #expect(slots.count == 2 && slots.allSatisfy { $0.terms == .answeredOnce })
        #expect(others.count == 2 && third == nil)
        #expect(admitted.count == 16)
    }

    @Test("Those who wait to be known leave half of the places to those who are, and their own when they are")
    func waiting() {
        var shares = ConnectionShares(limit: 64, limitPerUser: 20)
        let first = (0..<30).compactMap { _ in shares.wait(1) }, second = (0..<30).compactMap { _ in shares.wait(2) }
        #expect(first.count == 20 && second.count == 6)
        let known = fill(&shares, 3).count + fill(&shares, 4).count
        #expect(known == 52 - 26)
        #expect(shares.wait(5) == nil)
        for slot in first + second { shares.leave(slot) }
        #expect(fill(&shares, 5).count == 20 && shares.wait(6) != nil)
    }

    @Test("A place that is left is another's")
    func leaving() {
        var shares = ConnectionShares(limit: 64, limitPerUser: 2)
        let first = fill(&shares, 1)
        #expect(first.count == 2)
        shares.leave(first[0])
        let again = shares.enter(1, .admitted)?.terms
        #expect(again == .served)
        let unknown = (0..<10).compactMap { _ in shares.enter(1, .unknown) }
        for slot in unknown { shares.leave(slot) }
        let others = (0..<10).compactMap { _ in shares.enter(1, .unknown) }
        #expect(unknown.count == 2 && others.count == 2)
    }

    @Test("However many places there are, no more are open than that", arguments: [1, 2, 3, 4, 7, 8, 16, 17, 256])
    func total(_ limit: Int) {
        var shares = ConnectionShares(limit: limit, limitPerUser: nil)
        var open = 0
        for _ in 0..<2 {
            for user in UInt32(1)...40 {
                for standing in [PeerStanding.admitted, .unknown] {
                    while shares.enter(user, standing) != nil { open += 1 }
                }
            }
            while shares.enter(0, .privileged) != nil { open += 1 }
        }
        #expect(open == limit)
    }

    @Test("A user's bytes are bounded, and those of all users leave some for root; what is given back is another's")
    func bytes() {
        let budget = BufferBudget(limit: 1000, limitPerUser: 400, reserved: 200)
        var held = [budget.reservation(for: 1)]
        #expect(held[0].grow(by: 400) == nil)
        #expect(held[0].grow(by: 1) == .user(limit: 400))
        #expect(budget.reservation(for: 1).grow(by: 1) == .user(limit: 400))
        held.append(budget.reservation(for: 2))
        #expect(held[1].grow(by: 400) == nil)
        #expect(budget.reservation(for: 3).grow(by: 1) == .all(limit: 1000))
        let root = budget.reservation(for: nil)
        #expect(root.grow(by: 200) == nil && root.grow(by: 1) == .all(limit: 1000))
        let part = held[0].split(100)
        #expect(budget.used == 1000)
        held.remove(at: 0)
        #expect(budget.used == 700)
        #expect(part.grow(by: 100) == nil && budget.used == 800)
        #expect(budget.reservation(for: 3).grow(by: 1) == .all(limit: 1000))
        held.removeAll()
        #expect(budget.used == 400)
    }
}
