// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "likeness",
    targets: [
        // System libraries
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),

        // The core, from the bottom up
        .target(name: "Biometrics"),
        .target(name: "Imaging", dependencies: ["CPNG", "CTurboJPEG"]),
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
    ],
    swiftLanguageModes: [.v6])
