// swift-tools-version: 6.1
import PackageDescription

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let toml: Target.Dependency = .product(name: "TOMLKit", package: "TOMLKit")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]

let package = Package(
    name: "likeness",
    products: [
        .executable(name: "likenessd", targets: ["likenessd"]),
        .executable(name: "enroll", targets: ["enroll"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // System libraries
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),

        // The core, from the bottom up
        .target(name: "Biometrics"),
        .target(name: "Imaging", dependencies: ["CPNG", "CTurboJPEG"]),
        .target(
            name: "NeuralNet",
            dependencies: ["COpenBLAS", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["ONNX/onnx.proto"]),
        .target(name: "Recognition", dependencies: ["Biometrics", "Imaging", "NeuralNet", crypto, toml]),
        .target(name: "DlibModels", dependencies: ["Recognition", "NeuralNet", "Imaging", crypto]),
        .target(name: "Gallery", dependencies: ["Biometrics", logging, crypto, .product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "Varlink", dependencies: [logging, lifecycle] + nio),
        .target(
            name: "LikenessInterface", dependencies: ["Biometrics"],
            resources: [
                .embedInCode("Interfaces/io.likeness.Verification.varlink"),
                .embedInCode("Interfaces/io.likeness.Admin.varlink"),
            ]),
        .target(
            name: "Service",
            dependencies: ["Biometrics", "Recognition", "Gallery", "Varlink", "LikenessInterface", "Imaging", logging, crypto]),

        // The daemon
        .target(name: "DaemonSupport", dependencies: ["CSystemd", "Service", "Varlink", logging, toml, lifecycle]),
        .executableTarget(
            name: "likenessd",
            dependencies: ["DaemonSupport", "Service", "Gallery", "Recognition", "Varlink", argumentParser, logging, lifecycle]),

        // The command
        .target(
            name: "EnrollSupport",
            dependencies: ["LikenessInterface", "Varlink", "Recognition", "DlibModels", argumentParser]),
        .executableTarget(name: "enroll", dependencies: ["EnrollSupport", argumentParser], path: "enroll"),
    ],
    swiftLanguageModes: [.v6])
