// SPDX-License-Identifier: Apache-2.0

import StrictTOML

/// A value of the configuration file.
typealias ConfigurationValue = TOMLItem
