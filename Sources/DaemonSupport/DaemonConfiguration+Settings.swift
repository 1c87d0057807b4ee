// SPDX-License-Identifier: Apache-2.0

extension DaemonConfiguration {
    /// Every setting there is, in the order of the documented file.
    public static let settings: [ConfigurationSetting] = [
        // A socket's address holds 108 bytes, the terminating zero among them.
        .path("socket", "path", longest: 107, \.socket.path),
        .mode("socket", "mode", \.socket.mode),
        .integer("socket", "maximum_connections", \.socket.maximumConnections, in: 1...65_536),
        .integer("socket", "maximum_connections_per_user", \.socket.maximumConnectionsPerUser, in: 0...65_536),
        .integer("socket", "idle_seconds", \.socket.idleSeconds, in: 1...86_400),
        .integer("socket", "maximum_message_bytes", \.socket.maximumMessageBytes, in: 65_536...1 << 30),
        .integer("socket", "maximum_buffered_bytes", \.socket.maximumBufferedBytes, in: 65_536...1 << 40),
        .integer("socket", "maximum_buffered_bytes_per_user", \.socket.maximumBufferedBytesPerUser, in: 0...1 << 40),
        .path("gallery", "path", longest: 4095, \.gallery.path),
        .text(
            "gallery", "database", \.gallery.database,
            expected:
                "a PostgreSQL database, such as \"postgresql://likeness@host/likeness\" or \"host=/run/postgresql dbname=likeness\", or \"\" for the file gallery.path"
        ) { $0.utf8.count <= 4095 && !$0.utf8.contains(0) },
        .optionalPath("gallery", "key_file", longest: 4095, example: "/etc/likeness/gallery.key", \.gallery.keyFile),
        .optionalPath(
            "gallery", "previous_key_file", longest: 4095, example: "/etc/likeness/gallery.old.key",
            \.gallery.previousKeyFile),
        .truth("gallery", "accept_unencrypted", \.gallery.acceptUnencrypted),
        .truth("gallery", "keep_samples", \.gallery.keepSamples),
        .path("models", "folder", longest: 4095, \.models.folder),
        .text(
            "models", "active", \.models.active,
            expected:
                "the name of a folder in models.folder or a model's name or digest, or \"\" for the one chosen with `enroll model use`"
        ) { $0.utf8.count <= 255 && !$0.contains("/") && !$0.utf8.contains(0) && $0 != "." && $0 != ".." },
        .text(
            "models", "face_cover", \.models.faceCover,
            expected:
                "the name of a folder in models.folder or a face-cover network's name or digest, \"none\", or \"\" for the one in the folder"
        ) { $0.utf8.count <= 255 && !$0.contains("/") && !$0.utf8.contains(0) && $0 != "." && $0 != ".." },
        .integer("images", "maximum_file_bytes", \.images.maximumFileBytes, in: 1024...1 << 30),
        .integer("images", "maximum_pixels", \.images.maximumPixels, in: 1024...500_000_000),
        .integer("images", "maximum_seconds", \.images.maximumSeconds, in: 1...3600),
        .integer("work", "workers", \.work.workers, in: 0...1024),
        .integer("work", "queue_length", \.work.queueLength, in: 1...65_536),
        .integer("work", "stop_seconds", \.work.stopSeconds, in: 1...3600),
        .rate("verification", "operating_point", \.verification.operatingPoint),
        .rate("verification", "signature_operating_point", \.verification.signatureOperatingPoint),
        .share("verification", "signature_skilled_rate", \.verification.signatureSkilledRate),
        .choice("verification", "rule", \.verification.rule),
        .share("rotation", "max_drop", \.rotation.maxDrop),
        .integer("audit", "keep_days", \.audit.keepDays, in: 0...36_500),
        .integer("audit", "keep_entries", \.audit.keepEntries, in: 0...1_000_000_000),
        .truth("audit", "comparisons", \.audit.comparisons),
        .names("access", "verify_self", \.access.verifySelf),
        .names("access", "verify", \.access.verify),
        .names("access", "enrol_self", \.access.enrollSelf),
        .names("access", "enrol", \.access.enroll),
        .names("access", "admin", \.access.admin),
        .names("access", "monitor", \.access.monitor),
        .names("access", "compare", \.access.compare),
        .names("access", "score", \.access.score),
        .names("access", "relay", \.access.relay),
        .integer("attempts", "per_identity", \.attempts.perIdentity, in: 1...1000),
        .integer("attempts", "per_caller", \.attempts.perCaller, in: 1...1_000_000),
        .integer("attempts", "lock_hours", \.attempts.lockHours, in: 1...8760),
        .integer("attempts", "delay_seconds", \.attempts.delaySeconds, in: 0...300),
        .integer("attempts", "per_minute", \.attempts.perMinute, in: 1...1_000_000),
        .optionalPath("metrics", "socket", longest: 107, example: "/run/likeness/metrics.sock", \.metrics.socket),
        .mode("metrics", "mode", \.metrics.mode),
        .choice("log", "level", \.log.level),
        .choice("log", "destination", \.log.destination),
        .truth("log", "names", \.log.names),
    ]
}
