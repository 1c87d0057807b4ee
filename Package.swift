// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOFoundationCompat", package: "swift-nio"),
]
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let toml: Target.Dependency = .product(name: "TOMLKit", package: "TOMLKit")

/// The modules that are compiled for one instruction set each, with what the compiler is told.
#if arch(x86_64)
let instructionSets: [(name: String, flags: [String])] = [
    ("KernelsBaseline", []),
    ("KernelsAVX2", ["-Xcc", "-mavx2", "-Xcc", "-mfma", "-Xcc", "-mf16c"]),
    ("KernelsAVX512", ["-Xcc", "-march=x86-64-v4", "-Xcc", "-mprefer-vector-width=512"]),
]
#else
let instructionSets: [(name: String, flags: [String])] = [("KernelsBaseline", [])]
#endif

let package = Package(
    name: "likeness",
    products: [
        .executable(name: "likenessd", targets: ["likenessd"]),
        .executable(name: "enroll", targets: ["enroll"]),
        .executable(name: "likeness-decode", targets: ["likeness-decode"]),
    ],
    traits: [
        .trait(name: "WebP", description: "Reads WebP, by libwebp."),
        .trait(name: "HEIF", description: "Reads HEIC and AVIF, by libheif."),
        .trait(name: "TIFF", description: "Reads TIFF, by libtiff."),
        .trait(name: "ColorProfiles", description: "Converts embedded ICC profiles to sRGB, by Little CMS."),
        .default(enabledTraits: ["WebP", "HEIF", "TIFF", "ColorProfiles"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // System libraries
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
        .systemLibrary(name: "CLibJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
        .systemLibrary(name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CLibHEIF", pkgConfig: "libheif", providers: [.apt(["libheif-dev"])]),
        .systemLibrary(name: "CLibTIFF", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"])]),
        .systemLibrary(name: "CLibWebP", pkgConfig: "libwebpdemux", providers: [.apt(["libwebp-dev"])]),
        .systemLibrary(name: "CLittleCMS", pkgConfig: "lcms2", providers: [.apt(["liblcms2-dev"])]),
        .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(name: "CProcessor"),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),

        // Vector code: one source, compiled once for each instruction set
        .target(name: "Kernels", linkerSettings: [.linkedLibrary("m")]),

        // The core, from the bottom up
        .target(name: "Wording"),
        .target(name: "CFiles", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "Files", dependencies: ["CFiles"]),
        .target(name: "StrictTOML", dependencies: ["Wording", toml]),
        .target(name: "Biometrics", dependencies: ["Wording"]),
        .target(name: "CJPEG", dependencies: ["CLibJPEG"]),
        .target(name: "CPNG", dependencies: ["CLibPNG"], linkerSettings: [.linkedLibrary("z")]),
        .target(
            name: "CPictureFormats",
            dependencies: [
                .target(name: "CLibHEIF", condition: .when(traits: ["HEIF"])),
                .target(name: "CLibTIFF", condition: .when(traits: ["TIFF"])),
                .target(name: "CLibWebP", condition: .when(traits: ["WebP"])),
            ],
            cSettings: [
                .define("LIKENESS_HEIF", .when(traits: ["HEIF"])), .define("LIKENESS_TIFF", .when(traits: ["TIFF"])),
                .define("LIKENESS_WEBP", .when(traits: ["WebP"])),
            ]),
        .target(
            name: "CColorProfiles",
            dependencies: [.target(name: "CLittleCMS", condition: .when(traits: ["ColorProfiles"]))],
            cSettings: [.define("LIKENESS_COLOR_PROFILES", .when(traits: ["ColorProfiles"]))]),
        .target(name: "Imaging", dependencies: ["CColorProfiles", "CJPEG", "CPictureFormats", "CPNG", "CTurboJPEG"]),
        .target(name: "CDecoder", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "Decoding", dependencies: ["CDecoder", "Imaging"]),
        .executableTarget(name: "likeness-decode", dependencies: ["Decoding"]),
        .target(
            name: "VectorMath",
            dependencies: ["CProcessor", "Kernels"] + instructionSets.map { .target(name: $0.name) }),
        .target(
            name: "NeuralNet", dependencies: ["COpenBLAS", "CProcessor", "Kernels", "VectorMath", protobuf],
            exclude: ["ONNX/onnx.proto"]),
        .target(
            name: "Recognition",
            dependencies: ["Wording", "Biometrics", "Files", "Imaging", "NeuralNet", "StrictTOML", crypto]),
        .target(name: "DlibModels", dependencies: ["Wording", "Imaging", "NeuralNet", "Recognition", crypto]),
        .target(name: "Gallery", dependencies: ["Wording", "Biometrics", "CPostgreSQL", "Files", crypto, grdb]),
        .target(name: "Varlink", dependencies: [logging, lifecycle] + nio),
        .target(
            name: "LikenessInterface", dependencies: ["Wording", "Biometrics", "Varlink"],
            resources: [
                .embedInCode("Interfaces/io.likeness.Verification.varlink"),
                .embedInCode("Interfaces/io.likeness.Admin.varlink"),
            ]),

        // Training
        .target(
            name: "Training",
            dependencies: [
                "COpenBLAS", "Wording", "Files", "Imaging", "Kernels", "NeuralNet", "VectorMath", crypto,
            ]),
        .target(
            name: "Recipes",
            dependencies: [
                "Wording", "Biometrics", "Files", "Imaging", "NeuralNet", "Plotting", "Recognition", "StrictTOML",
                "Training", crypto,
            ]),
        .target(name: "Plotting", dependencies: ["CCairo"]),

        // The daemon
        .target(
            name: "Monitoring",
            dependencies: ["Varlink", metrics, .product(name: "NIOHTTP1", package: "swift-nio"), logging, lifecycle]
                + nio),
        .target(
            name: "Service",
            dependencies: [
                "Wording", "Biometrics", "Decoding", "Imaging", "Recognition", "Gallery", "Varlink",
                "LikenessInterface", "Monitoring", "NeuralNet",
                "VectorMath", crypto, logging, metrics,
            ]),
        .target(name: "CPolkit", dependencies: ["CSystemd"], cSettings: [.define("_GNU_SOURCE")]),
        .target(
            name: "DaemonSupport", dependencies: ["CPolkit", "CSystemd", "Files", "StrictTOML", "Wording", logging]),
        .executableTarget(
            name: "likenessd",
            dependencies: [
                "Biometrics", "Decoding", "Service", "DaemonSupport", "Files", "Gallery", "Imaging",
                "LikenessInterface",
                "Monitoring", "NeuralNet", "Recognition", "Varlink", argumentParser,
                lifecycle, logging, signals,
                // Not linked: whoever builds the daemon builds what it starts.
                "likeness-decode",
            ]),

        // The command
        .target(
            name: "CCapture", path: "pam", exclude: ["Makefile", "likeness-pam.sysusers", "pam.toml"],
            sources: ["capture.c", "command.c", "frames.c", "place.c", "settings.c"], publicHeadersPath: "include",
            cSettings: [.define("_GNU_SOURCE")]),
        .target(
            name: "EnrollSupport",
            dependencies: [
                "CCapture", "Wording", "Biometrics", "DaemonSupport", "Decoding", "Files", "Imaging",
                "LikenessInterface", "NeuralNet", "Plotting", "Recipes",
                "Recognition",
                "Training", "Varlink", "VectorMath", crypto,
            ]),
        .executableTarget(
            name: "enroll",
            dependencies: [
                "Biometrics", "EnrollSupport", "DaemonSupport", "DlibModels", "Imaging", "LikenessInterface",
                "NeuralNet",
                "Recipes", "Recognition",
                "Training", argumentParser, "likeness-decode",
            ],
            path: "enroll"),

        // Measurements
        .executableTarget(
            name: "likeness-benchmarks",
            dependencies: [
                "Biometrics", "DaemonHarness", "Gallery", "Imaging", "Kernels", "LikenessInterface", "NeuralNet",
                "ProgramHarness", "Recipes", "Recognition", "Service", "Training", "Varlink", "VectorMath",
                argumentParser,
            ],
            path: "Benchmarks", exclude: ["engine-ratios.json", "search-ratios.json"]),

        // Tests
        .target(name: "AllocationCounter", path: "Tests/Support/AllocationCounter"),
        .target(name: "ProgramHarness", path: "Tests/Support/ProgramHarness"),
        .target(name: "PostgreSQLHarness", dependencies: ["ProgramHarness"], path: "Tests/Support/PostgreSQLHarness"),
        .target(
            name: "DaemonHarness", dependencies: ["ProgramHarness", "Varlink"], path: "Tests/Support/DaemonHarness"),
        .target(
            name: "CFaultyDisk", path: "Tests/Support/CFaultyDisk", cSettings: [.define("_GNU_SOURCE")],
            linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "FaultyDisk", dependencies: ["CFaultyDisk"], path: "Tests/Support/FaultyDisk"),
        .target(
            name: "GalleryChurn", dependencies: ["Biometrics", "Gallery", "ProgramHarness"],
            path: "Tests/Support/GalleryChurn"),
        .executableTarget(
            name: "gallery-crash-writer", dependencies: ["Biometrics", "Gallery", "GalleryChurn"],
            path: "Tests/Support/GalleryCrashWriter"),
        .executableTarget(
            name: "gallery-without-descriptors", dependencies: ["Biometrics", "Gallery"],
            path: "Tests/Support/GalleryWithoutDescriptors"),
        .executableTarget(name: "training-runner", dependencies: ["Recipes"], path: "Tests/Support/TrainingRunner"),
        .testTarget(name: "BiometricsTests", dependencies: ["Biometrics"]),
        .testTarget(
            name: "DaemonSupportTests",
            dependencies: [
                "Biometrics", "DaemonSupport", "DaemonHarness", "Files", "Imaging", "LikenessInterface", "NeuralNet",
                "PostgreSQLHarness", "ProgramHarness", "Recognition", "Varlink", logging,
            ]),
        .testTarget(name: "DecodingTests", dependencies: ["Decoding", "Imaging", "ProgramHarness", "likeness-decode"]),
        .testTarget(
            name: "DlibModelsTests",
            dependencies: [
                "Biometrics", "DlibModels", "Imaging", "NeuralNet", "ProgramHarness", "Recognition", crypto,
            ]),
        .testTarget(name: "FilesTests", dependencies: ["Files", "ProgramHarness"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["DaemonHarness", "Imaging", "LikenessInterface", "ProgramHarness", "Varlink"]),
        .testTarget(
            name: "EnrollSupportTests",
            dependencies: [
                "Biometrics", "DaemonHarness", "DaemonSupport", "Decoding", "EnrollSupport", "Files", "Imaging",
                "LikenessInterface", "NeuralNet", "ProgramHarness", "Recipes",
                "Recognition",
                "Training", "Varlink", crypto, logging,
            ]),
        .testTarget(
            name: "GalleryTests",
            dependencies: [
                "Biometrics", "FaultyDisk", "Gallery", "GalleryChurn", "PostgreSQLHarness", "ProgramHarness", grdb,
            ],
            resources: [.copy("Golden")]),
        .testTarget(name: "ImagingTests", dependencies: ["CTurboJPEG", "Imaging", "ProgramHarness"]),
        .testTarget(name: "LikenessInterfaceTests", dependencies: ["LikenessInterface"]),
        .testTarget(
            name: "MonitoringTests", dependencies: ["Monitoring", "ProgramHarness", metrics, logging, lifecycle]),
        .testTarget(
            name: "NeuralNetTests",
            dependencies: ["AllocationCounter", "Kernels", "NeuralNet", "ProgramHarness", "VectorMath"]),
        .testTarget(name: "PlottingTests", dependencies: ["Imaging", "Plotting"]),
        .testTarget(name: "ProgramHarnessTests", dependencies: ["ProgramHarness"]),
        .testTarget(
            name: "RecognitionTests",
            dependencies: ["Biometrics", "Files", "Imaging", "NeuralNet", "ProgramHarness", "Recognition", "Wording"]),
        .testTarget(
            name: "RecipesTests", dependencies: ["Imaging", "ProgramHarness", "Recipes", "Recognition", "Training"]),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "Biometrics", "FaultyDisk", "Gallery", "Imaging", "LikenessInterface", "NeuralNet", "PostgreSQLHarness",
                "ProgramHarness",
                "Recognition", "Service", "Varlink", "VectorMath", logging,
            ]),
        .testTarget(name: "StrictTOMLTests", dependencies: ["ProgramHarness", "StrictTOML"]),
        .testTarget(
            name: "TrainingTests", dependencies: ["Files", "Imaging", "NeuralNet", "ProgramHarness", "Training"]),
        .testTarget(name: "VectorMathTests", dependencies: ["ProgramHarness", "VectorMath"]),
        .testTarget(name: "WordingTests", dependencies: ["Wording"]),
        .testTarget(
            name: "VarlinkTests", dependencies: ["LikenessInterface", "ProgramHarness", "Varlink", logging, lifecycle]),
    ],
    swiftLanguageModes: [.v6])

for instructionSet in instructionSets {
    package.targets.append(
        .target(
            name: instructionSet.name, dependencies: ["Kernels"],
            swiftSettings: instructionSet.flags.isEmpty ? [] : [.unsafeFlags(instructionSet.flags)]))
}

// LIKENESS_TESTS=ImagingTests,VarlinkTests builds these test targets alone: the short way from a changed line to its
// test.
if let chosen = Context.environment["LIKENESS_TESTS"]?.split(separator: ",").map(String.init), !chosen.isEmpty {
    package.targets.removeAll { $0.type == .test && !chosen.contains($0.name) }
}

// LIKENESS_FUZZ=1 adds the programs that scripts/fuzz builds and runs (docs/fuzzing.md). They need libFuzzer, which that
// script alone links, so that no other build has them.
if Context.environment["LIKENESS_FUZZ"] == "1" {
    let fuzzers: [(name: String, dependencies: [Target.Dependency])] = [
        ("Archive", ["EnrollSupport"]), ("Dlib", ["DlibModels"]),
        ("Frames", ["LikenessInterface", "Varlink", logging]),
        ("Interface", ["Varlink"]), ("ONNX", ["NeuralNet"]), ("Package", ["Recognition"]), ("Pairs", ["Training"]),
        ("Picture", ["Imaging"]), ("TOML", ["StrictTOML"]),
    ]
    package.targets += [
        .target(name: "CFuzzer", path: "Fuzz/Support/CFuzzer"),
        .target(name: "FuzzSupport", dependencies: ["CFuzzer"], path: "Fuzz/Support/FuzzSupport"),
    ]
    package.targets += fuzzers.map {
        .executableTarget(
            name: "\($0.name)Fuzz", dependencies: ["FuzzSupport"] + $0.dependencies, path: "Fuzz/\($0.name)")
    }
}
