# SPDX-License-Identifier: Apache-2.0
"""Makes the package's interface modules from Varlink interface descriptions."""
