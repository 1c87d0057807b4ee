import StrictTOML

/// A value of the configuration file.
typealias ConfigurationValue = TOMLItem
