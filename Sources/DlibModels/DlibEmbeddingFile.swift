// SPDX-License-Identifier: Apache-2.0

/// The embedding network's file: the settings of its loss, then the network.
struct DlibEmbeddingFile {
    /// The side of the square chip the network was trained on, in pixels.
    static let chipSide = 150
    /// The margin around the face in the chip, as a share of the face's size.
    static let chipPadding = 0.25
    static let embeddingSize = 128

    let network: DlibNetwork

    /// Reads `dlib_face_recognition_resnet_model_v1.dat`.
    init(name: String, bytes: [UInt8]) throws(DlibImportError) {
        var reader = DlibReader(file: name, bytes: bytes)
        _ = try reader.integer("the version of the loss layer", in: 1...1)
        if try reader.name("the loss", oneOf: ["loss_metric_", "loss_metric_2"]) == "loss_metric_2" {
            _ = try reader.double("the margin of the loss")
            _ = try reader.double("the threshold of the loss")
        }
        network = try reader.network(
            DlibArchitecture.faceEmbedding, inputKinds: ["input_rgb_image_sized", "input_rgb_image"])
        try reader.finish()
    }
}
