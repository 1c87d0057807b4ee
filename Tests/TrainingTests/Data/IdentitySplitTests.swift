// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

@Suite struct IdentitySplitTests {
    /// 24 identities, of which every third has forgeries, each also turned.
    private let table: IdentityTable = {
        var images: [LabeledImage] = []
        for identity in 0..<24 {
            for sample in 0..<3 {
                images.append(
                    LabeledImage(identity: "\(identity)", source: .file("\(identity)-\(sample)"), kind: .genuine))
            }
            if identity % 3 == 0 {
                images.append(LabeledImage(identity: "\(identity)", source: .file("\(identity)-f"), kind: .forgery))
            }
        }
        return IdentityTable(VirtualIdentities.adding(quarterTurns: true, to: images))
    }()

    private func originals(_ table: IdentityTable) -> Set<String> { Set(table.identities.map(\.original)) }

    private func forged(_ table: IdentityTable) -> Int {
        Set(table.identities.filter { !$0.forgeries.isEmpty }.map(\.original)).count
    }

    @Test(arguments: [0.0, 0.1, 0.25, 0.5, 1.0]) func nothingOfOneIdentityIsInBothParts(_ share: Double) throws {
        let split = try table.split(validationShare: share, seed: 5)
        #expect(originals(split.training).isDisjoint(with: originals(split.validation)))
        #expect(split.training.count + split.validation.count == table.count)
        #expect(Set(split.training.images).isDisjoint(with: split.validation.images))
        let held = originals(split.validation).count
        #expect(abs(Double(held) - 24 * share) <= 1 && held >= 1 && held <= 23)
        #expect(abs(Double(forged(split.validation)) - 8 * share) <= 1.5)
    }

    @Test func theSeedChoosesTheSplit() throws {
        #expect(try table.split(validationShare: 0.25, seed: 5) == table.split(validationShare: 0.25, seed: 5))
        #expect(try table.split(validationShare: 0.25, seed: 5) != table.split(validationShare: 0.25, seed: 6))
    }

    @Test func foldsHoldEachIdentityOutOnceAndSpreadThoseWithForgeries() throws {
        let folds = try table.folds(5, seed: 1)
        #expect(folds.flatMap { originals($0.validation) }.count == 24)
        #expect(Set(folds.flatMap { originals($0.validation) }).count == 24)
        for fold in folds {
            #expect(originals(fold.training).isDisjoint(with: originals(fold.validation)))
            #expect(fold.training.count + fold.validation.count == table.count)
            #expect((1...2).contains(forged(fold.validation)) && (4...5).contains(originals(fold.validation).count))
        }
    }

    @Test func tooFewIdentitiesAreRefused() {
        let one = IdentityTable([.init(name: "a", genuine: [0, 1])])
        #expect(throws: DataSetError.self) { try one.split(validationShare: 0.5, seed: 1) }
        #expect(throws: DataSetError.self) { try one.folds(2, seed: 1) }
    }

    @Test func identitiesWithTooFewSamplesAreNamed() {
        let table = IdentityTable([.init(name: "b", genuine: [0]), .init(name: "a", genuine: [1, 2])])
        let (kept, leftOut) = table.keeping(minimumGenuine: 2)
        #expect(kept.identities.map(\.name) == ["a"] && leftOut == ["b"])
    }
}
