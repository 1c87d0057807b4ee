// SPDX-License-Identifier: Apache-2.0

import Biometrics
import EnrollSupport
import LikenessInterface
import Recognition
import Testing

@Suite struct GalleryModelsTests {
    private let models = GalleryModels([
        Sample.generation(1, .retired), Sample.generation(2, .active, "new"),
    ])
    private let old: ModelDigest
    private let new: ModelDigest

    init() throws {
        old = try #require(ModelDigest(hexadecimal: Sample.model().digest))
        new = try #require(ModelDigest(hexadecimal: Sample.model("new").digest))
    }

    @Test func `a model is needed that a gallery is compared by, rotated to or can be rolled back to`() throws {
        #expect(models.need(of: new)?.contains("compared by it (generation 2, face)") == true)
        #expect(models.need(of: old)?.contains("--prune") == true)
        #expect(
            GalleryModels([Sample.generation(3, .building)]).need(of: old)?.contains("a rotation to it is under way")
                == true)
        let another = try #require(ModelDigest(hexadecimal: String(repeating: "ef", count: 32)))
        #expect(models.need(of: another) == nil && GalleryModels([]).need(of: old) == nil)
    }

    @Test func `a daemon that no socket leads to needs no model`() async {
        let client = Sample.client("/nonexistent/likeness.sock", timeout: .seconds(1))
        #expect(await GalleryModels(asking: client).need(of: old) == nil)
    }

    @Test func `of a rollback, or another daemon's rotation, the status says what is being built`() {
        let reply = RotationStatus.Reply(
            rotation: nil, generations: [Sample.generation(1, .active), Sample.generation(2, .building, "new")])
        let text = RotationText.status(reply)
        #expect(text.contains("new 1 (cdcdcdcdcdcd) is being built") && text.contains("300 samples done"))
        #expect(!text.contains("no rotation is under way"))
        let own = RotationStatus.Reply(rotation: Sample.rotation(.embedding), generations: reply.generations)
        #expect(!RotationText.status(own).contains("is being built"))
    }
}
