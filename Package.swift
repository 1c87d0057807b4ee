// swift-tools-version: 6.1
import PackageDescription

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOFoundationCompat", package: "swift-nio"),
]

let package = Package(
    name: "likeness",
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // System libraries
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),

        // The core, from the bottom up
        .target(name: "Biometrics"),
        .target(name: "Imaging", dependencies: ["CPNG", "CTurboJPEG"]),
        .target(name: "NeuralNet", dependencies: ["COpenBLAS"], exclude: ["ONNX/onnx.proto"]),
        .target(name: "Varlink", dependencies: [logging, lifecycle] + nio),
        .target(
            name: "LikenessInterface", dependencies: ["Biometrics"],
            resources: [
                .embedInCode("Interfaces/io.likeness.Verification.varlink"),
                .embedInCode("Interfaces/io.likeness.Admin.varlink"),
            ]),

        // Tests
        .testTarget(name: "BiometricsTests", dependencies: ["Biometrics"]),
        .testTarget(name: "ImagingTests", dependencies: ["Imaging"]),
        .testTarget(name: "LikenessInterfaceTests", dependencies: ["LikenessInterface"]),
        .testTarget(name: "NeuralNetTests", dependencies: ["NeuralNet"]),
        .testTarget(name: "VarlinkTests", dependencies: ["Varlink", "LikenessInterface", logging, lifecycle]),
    ],
    swiftLanguageModes: [.v6])
