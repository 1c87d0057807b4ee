// SPDX-License-Identifier: Apache-2.0

/// The two networks this import knows, as dlib's examples define them.
enum DlibArchitecture {
    /// The face embedding network of `dnn_face_recognition_ex.cpp`: a ResNet with 29 convolutions, 150×150 RGB → 128.
    static let faceEmbedding: [ExpectedLayer] =
        [.convolution(filters: 32, kernel: 7, stride: 2), .affine, .relu, .maximumPool(kernel: 3, stride: 2)]
        + residual(32) + residual(32) + residual(32)
        + shrinkingResidual(64) + residual(64) + residual(64) + residual(64)
        + shrinkingResidual(128) + residual(128) + residual(128)
        + shrinkingResidual(256) + residual(256) + residual(256)
        + shrinkingResidual(256)
        + [.averagePoolEverything, .fullyConnected(outputs: 128)]

    /// The face detector of `dnn_mmod_face_detection_ex.cpp`: tiled pyramid → one score per 8×8 pixels.
    static let faceDetector: [ExpectedLayer] =
        downsampling(16) + downsampling(32) + downsampling(32)
        + scoring + scoring + scoring
        + [.convolution(filters: 1, kernel: 9, stride: 1)]

    private static let scoring: [ExpectedLayer] = [.convolution(filters: 45, kernel: 5, stride: 1), .affine, .relu]

    private static func downsampling(_ filters: Int) -> [ExpectedLayer] {
        [.convolution(filters: filters, kernel: 5, stride: 2), .affine, .relu]
    }

    private static func block(_ filters: Int, stride: Int) -> [ExpectedLayer] {
        [
            .convolution(filters: filters, kernel: 3, stride: stride), .affine, .relu,
            .convolution(filters: filters, kernel: 3, stride: 1), .affine,
        ]
    }

    private static func residual(_ filters: Int) -> [ExpectedLayer] {
        [.tag(1)] + block(filters, stride: 1) + [.addPrevious(1), .relu]
    }

    private static func shrinkingResidual(_ filters: Int) -> [ExpectedLayer] {
        [.tag(1)] + block(filters, stride: 2)
            + [.tag(2), .skip(1), .averagePool(kernel: 2, stride: 2), .addPrevious(2), .relu]
    }
}
